"""What pydantic found wrong, as an operator needs to know it."""

import json

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from bot.knowledge.hints import HINTS


def in_words(  # noqa: C901, PLR0911, PLR0912  # one case for each kind of mistake, and no more
    details: ErrorDetails, model: type[BaseModel]
) -> tuple[str, str]:
    """Say in Chinese what is wrong, and how to mend it."""
    # What is no identifier is pydantic's name for one way to write a value of several.
    loc = [part for part in details["loc"] if isinstance(part, str) and part.isidentifier()]
    key = loc[-1] if loc else ""
    what = f"{key} " if key else "这一项"
    found = details["input"]
    known = "、".join(model.model_fields)
    shown = str(found) if isinstance(found, str) else type(found).__name__
    match details["type"]:
        case "missing":
            return f"缺少 {key}", f"请补上“{key}: …”"
        case "extra_forbidden":
            return f"键 {key} 不认识", f"请检查拼写；可用的键有：{known}"
        case "string_type" if found is None or found == "":
            return f"{what}是空的", "请填写内容，或删去这一行"
        case "string_type" if isinstance(found, dict) and len(found) == 1:
            ((left, right),) = found.items()
            whole = json.dumps(f"{left}: {right}".strip(), ensure_ascii=False)
            return (
                f"{what}应当是一段文字，却写成了“键: 值”",
                f"冒号是文字的一部分时请加双引号：{whole}",
            )
        case "string_type":
            return f"{what}应当是一段文字", "请改写成一段文字；含冒号的文字请加双引号"
        case "string_too_short":
            return f"{what}是空的", "请填写内容，或删去这一行"
        case "string_pattern_mismatch":
            return (
                f"{what}的值“{shown}”不能用作 id",
                "id 请用字母、数字、- 、_ 或 . ，以字母或数字开头",
            )
        case "tuple_type" | "list_type":
            return f"{what}应当是一个列表", f"请写成“{key}: [..., ...]”或每行一个“- …”"
        case "too_short":
            return f"{what}的项数不够", "请再补上一项"
        case "model_type" | "model_attributes_type" if isinstance(found, str) and "：" in found:
            return f"{what}里用了全角冒号“：”", "请改成半角冒号，后面空一格，如“id: …”"
        case "model_type" | "model_attributes_type" if isinstance(found, str) and ":" in found:
            return f"{what}的冒号后面没有空格", "请写成“id: …”的样子，冒号后面空一格"
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"{what}应当是一组“键: 值”", f"可用的键有：{known}"
        case (
            "date_from_datetime_parsing"
            | "date_parsing"
            | "date_type"
            | "date_from_datetime_inexact"
        ):
            return f"{what}的值“{shown}”不是日期", "请写成 2026-11-24 的样子"
        case "literal_error":
            hint = HINTS.get(model.__name__, {}).get(key)
            return f"{what}的值“{shown}”不在可选范围内", hint or "请检查拼写"
        case "float_parsing" | "int_parsing" | "int_type" | "float_type":
            return f"{what}的值“{shown}”不是数字", "请填一个数字"
        case "bool_parsing" | "bool_type":
            return f"{what}的值“{shown}”不是 true 或 false", "请填 true 或 false"
        case "greater_than" | "less_than" | "greater_than_equal" | "less_than_equal":
            return f"{what}的值“{shown}”超出范围", "请填一个范围内的数字"
        case other:
            return f"{what}的值“{shown}”无效（{other}）", "请对照 README 里的格式说明修改"
