"""Personal data in texts: what is taken out, and what is nobody's and stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.masking import found_in, labelled
from bot.desk.evaluating import Half
from bot.store.masking import masked


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("手机1８6００12３456,退吗", "手机〔手机号〕,退吗"),
        ("加我一三八零零一三八零零零", "加我〔手机号〕"),
        ("1 3 8 1 2 3 4 5 6 7 8", "〔手机号〕"),
        ("身份证11010519491231002X", "身份证〔证件号〕"),
        ("11010519491231002X不过", "〔证件号〕不过"),
        ("公司91110000600037341L", "公司〔信用代码〕"),
        ("卡6222021234567890128丢了", "卡〔卡号〕丢了"),
        ("座机0571-88156688转801", "座机〔电话〕"),
        ("加V:kaidian_6688", "加V:〔账号〕"),
        ("扣扣1234567", "扣扣〔账号〕"),
        ("旺旺名:义乌小商品001", "旺旺名:〔账号〕"),
        ("订单号SF20240315001退", "订单号〔单号〕退"),
        ("寄到杭州市滨江区网商路699号3幢502室,谢谢", "寄到〔地址〕,谢谢"),
        ("我叫王小明,店被封", "我叫〔姓名〕,店被封"),
        ("发a.b＠example.com", "发〔邮箱〕"),
    ],
)
def test_what_points_to_a_person_is_masked(said: str, kept: str) -> None:
    """However it is written; nothing around it is taken."""
    assert masked(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "1688押金3000元,2024-03-15交的,到2025-03-15",
        "热线400-800-1688,95187,12315,12345",
        "起批量1000000件,价格1.5-13800元",
        "法人不是本人可以吗,联系人怎么修改,我是厂家",
        "一二三步都做完了,还差1号楼",
        "微信支付、QQ邮箱、旺旺登录不上去",
        "https://work.1688.com/home/page/index.htm 在哪",
    ],
)
def test_what_is_nobodys_stays(said: str) -> None:
    """Prices, dates, hotlines, and the words that stand before personal data."""
    assert masked(said) == said


@pytest.mark.parametrize("half", Half)
def test_the_labelled_sentences_are_masked(half: Half) -> None:
    """At least 95 of 100 values are gone, and 95 of 100 masks are right, also in the untouched half."""
    values, gone, made, right = found_in(labelled(half))

    assert gone.total() >= 0.95 * values.total()
    assert right >= 0.95 * made


@given(st.text(st.sampled_from("1３一八 0-.@a微信号:路王小明我叫〔〕室x"), max_size=60))
def test_masking_twice_changes_nothing(text: str) -> None:
    """A mask holds nothing that looks like personal data."""
    assert masked(masked(text)) == masked(text)
