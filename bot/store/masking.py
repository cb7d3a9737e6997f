"""Personal data, taken out of texts before they are kept.

Rules read a folded copy of the text, character for character as long as the text itself, so that
full-width and Chinese digits are digits to them. A value is masked by its form and check digit, or
by the word before it. Every pattern is bounded: what it costs grows with the text, not faster.
"""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from stdnum import luhn
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

Check = Callable[[re.Match[str]], bool]

WIDE: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: ord(" ")}
READ_OUT: Final = WIDE | str.maketrans(
    "零〇○洞一壹幺二贰两三叁四肆五伍六陆七柒拐八捌九玖勾", "00001112223344556677788999"
)
HAN: Final = "[\u4e00-\u9fff]"
# What stands between the digits of a number that is written in groups, or to be overlooked.
GAP: Final = "[ \\-.·_\u200b-\u200d\u2060\ufeff]{0,2}"
PROVINCES: Final = (
    "北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|"
    "四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
# The commonest surnames, without those that are more often another word (于, 万, 成, 常, 时, …).
SURNAME: Final = (
    "(?:欧阳|司马|上官|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|司徒|"
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余杜叶程魏苏吕丁任卢姚沈"
    "钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵覃武钱戴严莫孔汤温康施文牛樊葛邢"
    "安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁符阮纪梅童凌毕裴霍涂苗曲盛冉翁骆])"
)
# What follows a name in a sentence, when it isn't a mark or the end.
AFTER_NAME: Final = "[不和能的在申要想是有也身手电微住可去怎为没已刚给把跟说来收填改过写本,]"


class Rule(NamedTuple):
    """What is masked with *mask*: what *pattern* finds in the folded text, if *check* agrees.

    The group ``value``, where the pattern has one, is what is masked, else all that it found.
    """

    mask: str
    pattern: re.Pattern[str]
    check: Check = lambda _: True
    fold: dict[int, int] = WIDE


def masked(text: str) -> str:
    """Return *text* with numbers, names and addresses that point to a person masked."""
    for rule in RULES:
        text = _applied(rule, text)
    return text


def is_masked(text: str) -> bool:
    """Tell whether something was masked in *text*."""
    return any(rule.mask in text for rule in RULES)


def _applied(rule: Rule, text: str) -> str:
    kept, last = [], 0
    for found in rule.pattern.finditer(text.translate(rule.fold)):
        if rule.check(found):
            start, end = found.span("value" if "value" in found.groupdict() else 0)
            kept += [text[last:start], rule.mask]
            last = end
    return "".join((*kept, text[last:])) if kept else text


def _of(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _digits(found: re.Match[str]) -> str:
    """Return the digits and letters of what was found, without what separates them."""
    return re.sub(r"[\W_]", "", found[0]).upper()


def _identity(found: re.Match[str]) -> bool:
    number = _digits(found)
    try:
        ric.get_birth_date(number)
    except ValidationError:
        return False
    # Its place is left aside: counties come and go, and the list that comes with stdnum has gaps.
    return ric.calc_check_digit(number) == number[-1]


def _organization(found: re.Match[str]) -> bool:
    return uscc.is_valid(_digits(found))


def _card(found: re.Match[str]) -> bool:
    digits = _digits(found)
    return 16 <= len(digits) <= 19 and luhn.is_valid(digits)  # noqa: PLR2004  # ISO/IEC 7812, UnionPay


def _named(found: re.Match[str]) -> bool:
    """Tell whether a word after the name of a network is an account: with a digit, or announced."""
    return bool(found["said"]) or bool(re.search(r"[\d_-]", found["value"]))


def _placed(found: re.Match[str]) -> bool:
    """Tell whether what stands before a house number is a place."""
    return not found["value"].startswith(("月", "年")) and found["where"][-1] not in "月第共约"


def _rather_person(found: re.Match[str]) -> bool:
    return not re.match(PROVINCES, found["value"])


# 14 digits and more, together or in groups of four: longer than a phone's, shorter than a page of figures.
LONG_NUMBER: Final = r"(?<![\d.])(?:\d{14,32}|\d{4}(?:[ -]\d{4}){2,6}(?:[ -]\d{1,4})?)[Xx]?(?!\d)"
SAID: Final = r"(?P<said>(?:账号|号|名|id)?[是为叫:：]?)[是为:： @]{0,3}"
UNIT: Final = "(?:号院|号楼|号|弄|栋|幢|座|区|单元|室|楼|层|组|排|房|期)"

# Strict forms first: an ID card's number holds digits that look like a phone's.
RULES: Final = (
    Rule(
        "〔邮箱〕",
        _of(r"[a-z0-9_.+-]{1,64}(?:[@#]|艾特|\(at\))[a-z0-9-]{1,63}(?:\.[a-z0-9-]{2,63}){1,3}"),
    ),
    # GB 11643-1999: place, date of birth, sequence, check character.
    Rule(
        "〔证件号〕",
        _of(r"(?<![\da-z])\d{6}[ -]?(?:19|20)\d\d[ -]?\d\d[ -]?\d\d[ -]?\d{3}[\dx](?![\da-z])"),
        _identity,
    ),
    Rule(
        "〔证件号〕",
        _of(
            r"(?:身份证|证件|护照|通行证|台胞证|回乡证|居住证)(?:号码|编号|号)?[是为:： ]{0,3}"
            r"(?P<value>[a-z]{0,2}\d(?:[ -]?\d){5,19}x?)(?![\da-z])"
        ),
    ),
    # GB 32100-2015: registrar, kind, place, organization, check character.
    Rule(
        "〔信用代码〕", _of(r"(?<![\da-z])[0-9a-z]{2}\d{6}[0-9a-z]{10}(?![\da-z])"), _organization
    ),
    Rule(
        "〔信用代码〕",
        _of(
            r"(?:信用代码|公司代码|机构代码|税号|执照号?|注册号)[是为:： ]{0,3}"
            r"(?P<value>[0-9a-z]{13,18})(?![\da-z])"
        ),
    ),
    # Mainland mobile numbers, together or in the usual groups, in digits or read out.
    Rule(
        "〔手机号〕",
        _of(
            rf"(?<!\d)(?<!\d[ -])(?:(?:\+|00)?86{GAP})?1[3-9](?:"
            rf"\d{GAP}\d{{4}}{GAP}\d{{4}}|\d{{2}}{GAP}\d{{3}}{GAP}\d{{4}}|"
            rf"\d{GAP}\d{{3}}{GAP}\d{{5}}|\d{{3}}{GAP}\d{{3}}{GAP}\d{{3}})(?!\d)"
        ),
        fold=READ_OUT,
    ),
    Rule("〔手机号〕", _of(r"(?<!\d)1[ .\-_][3-9](?:[ .\-_]\d){9}(?!\d)"), fold=READ_OUT),
    # Area code and number, with an extension.
    Rule(
        "〔电话〕",
        _of(
            r"(?<![\d.])(?<!\d[ -])(?:\+?86[ -]?)?\(?0(?:10|2\d|[3-9]\d\d)\)?[ -]{0,2}\d{3,4}[ -]?\d{4}"
            r"(?: ?(?:转|分机|ext\.?|-) ?\d{1,6})?(?!\d)"
        ),
    ),
    Rule("〔卡号〕", re.compile(LONG_NUMBER), _card),
    Rule(
        "〔卡号〕",
        _of(
            r"(?:卡号|银行卡|对公账户|账户|银行账号|开户账号)[是为:： ]{0,3}(?P<value>\d(?:[ -]?\d){11,29})(?!\d)"
        ),
    ),
    Rule(
        "〔单号〕",
        _of(
            r"(?:单号?|订单|交易|退款|流水|合同|投诉|售后|案件)(?:号码|编号|单号|号|编码)[是为:： #]{0,3}"
            r"(?P<value>[a-z]{0,4}\d[\da-z-]{5,31})(?![\da-z])"
        ),
    ),
    Rule(
        "〔单号〕",
        _of(
            r"(?:单号?|订单|包裹|快递|物流)[是为:： #]{0,3}(?P<value>[a-z]{0,4}\d{10,32})(?![\da-z])"
        ),
    ),
    Rule(
        "〔单号〕", _of(r"(?<![\da-z])(?:sf|yt|zto|sto|jd|jt|ems|yd|db)[a-z]{0,2}\d{10,18}(?!\d)")
    ),
    Rule("〔单号〕", re.compile(LONG_NUMBER)),
    Rule(
        "〔账号〕",
        _of(
            r"(?:微信|[薇威维v]信|weixin|wechat|(?<![a-z])[wv]x|[加➕+][我个]?[v微薇])"
            + SAID
            + r"(?P<value>[a-z][a-z0-9_-]{5,19}|\d{6,12})(?![a-z0-9_-])"
        ),
        _named,
    ),
    Rule(
        "〔账号〕",
        _of(
            r"(?:q ?q|扣扣|抠抠|企鹅|(?<![a-z])q)群?(?:号码|号)?[是为:： ]{0,3}"
            r"(?P<value>[1-9]\d{4,11})(?!\d)"
        ),
    ),
    Rule(
        "〔账号〕",
        _of(
            r"(?:旺旺|会员名|登录名|用户名|钉钉|支付宝|抖音|快手|小红书|账号|telegram|tg)"
            + SAID
            + r"(?P<value>[a-z][a-z0-9_-]{4,29}|\d{6,12})(?![a-z0-9_-])"
        ),
        _named,
    ),
    Rule("〔账号〕", _of(rf"旺旺(?:号|名|id|账号)?[:：] ?(?P<value>(?:{HAN}|[a-z0-9_]){{2,25}})")),
    Rule("〔账号〕", _of(r"(?<![\w.@])@[a-z][a-z0-9_]{4,31}")),
    Rule(
        "〔地址〕",
        _of(
            rf"(?P<before>(?:{HAN}{{0,12}}(?:地址|寄到|寄|住在|住|位于|在|到|我家|仓库|是|填|为|写))?)"
            rf"(?P<value>(?P<where>{HAN}{{1,30}}[省市区县镇乡村路街巷道里园城苑弄屯庄段厦])"
            rf"[a-z0-9-]{{1,6}}{UNIT}(?:{HAN}{{0,8}}[a-z0-9-]{{1,6}}{UNIT}){{0,4}}(?:\d{{1,5}}(?!\d))?)"
        ),
        _placed,
    ),
    # Whoever stands before a phone number that was masked already.
    Rule(
        "〔姓名〕",
        _of(rf"(?<!{HAN})(?P<value>{SURNAME}{HAN}{{1,2}})[,、: ]{{1,3}}(?=(?:电话|手机)?〔)"),
        _rather_person,
    ),
    Rule(
        "〔姓名〕",
        _of(
            r"(?:我叫|名叫|名字[是叫]|姓名|联系人|收件人|收货人|收货信息|法人代表|法人|本人|负责人|开户名|户名|收款人|经办人)"
            rf"[是叫为: ]{{0,3}}(?P<value>小?{SURNAME}{HAN}{{1,2}}?|小{SURNAME})(?=$|[^\u4e00-\u9fff]|{AFTER_NAME})"
        ),
        _rather_person,
    ),
    Rule(
        "〔姓名〕",
        _of(rf"(?:我是|我叫) ?(?P<value>{SURNAME}{HAN}{{1,2}})(?=$|[^\u4e00-\u9fff])"),
        _rather_person,
    ),
    Rule(
        "〔姓名〕",
        _of(rf"(?<!{HAN})(?:找|问|联系|加)?(?P<value>{SURNAME}(?:经理|主管|先生|女士|小姐))"),
    ),
)
