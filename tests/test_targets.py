"""Whatever bytes come, none makes a reader fail; `make soak` tries far more of them."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.targets import TARGETS

TEXT = st.text(st.characters(codec="utf-8"), max_size=200).map(str.encode)
WORDS = st.lists(
    st.sampled_from(["押金", "开店", "淘宝", "吗", "，", "？", " ", "<b>", "&", "- id: a\n", "\n",
                     "question: 问", "answer: |\n  答\n", "{", "}", "[", "*a", "!x", "id,question\n",
                     '"', "\u202e", "\u200b", "1", "/ask ", "@kaidian_bot"]), max_size=30,
).map(lambda words: "".join(words).encode())  # fmt: skip
ID = st.one_of(st.none(), st.integers(), st.text(max_size=5))
CHAT = st.fixed_dictionaries(
    {},
    optional={
        "id": ID,
        "type": st.sampled_from(["private", "group", "supergroup", "channel", 7]),
        "is_bot": st.booleans(),
        "username": ID,
    },
)
MESSAGE = st.fixed_dictionaries(
    {},
    optional={
        "message_id": ID,
        "chat": CHAT,
        "from": CHAT,
        "text": ID,
        "message_thread_id": ID,
        "reply_to_message": st.one_of(ID, st.fixed_dictionaries({"from": CHAT})),
    },
)
QUERY = st.fixed_dictionaries(
    {}, optional={"id": ID, "from": CHAT, "message": MESSAGE, "data": ID, "query": ID}
)
UPDATE = st.fixed_dictionaries(
    {"update_id": st.integers()},
    optional={
        "message": MESSAGE,
        "edited_message": MESSAGE,
        "callback_query": QUERY,
        "inline_query": QUERY,
        "my_chat_member": MESSAGE,
    },
).map(lambda value: json.dumps(value).encode())


@pytest.mark.parametrize("target", TARGETS)
@given(data=st.one_of(st.binary(max_size=200), TEXT, WORDS, UPDATE))
@settings(deadline=None, max_examples=60)
def test_no_bytes_make_a_reader_fail(target: str, data: bytes) -> None:
    """Only mistakes that a person is told of may be raised."""
    TARGETS[target](data)
