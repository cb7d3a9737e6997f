"""Calls to the Bot API on their way: kept before they are made, marked when they are confirmed.

A call that may or may not have arrived (killed or cut off between Telegram's acceptance and our
mark) is in doubt; no client can close that window, as sendMessage has no key against doubles
(https://github.com/tdlib/telegram-bot-api/issues/482). It is repeated, as an answer twice is better
than none: once when Telegram did not answer, and whenever the process that made it is gone, which
says nothing against the call.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, or_, select, update

from bot.store.tables import outbox

QUEUED, SENDING, SENT, FAILED = "queued", "sending", "sent", "failed"
EMPTY = "{}"  # what is left of the params of a call that nobody makes any more
MOST_DOUBTS = 1  # how often a call in doubt is repeated
# Calls that may be repeated without anybody seeing it twice.
IDEMPOTENT = frozenset(
    {
        "answerCallbackQuery",
        "answerInlineQuery",
        "editMessageText",
        "editMessageReplyMarkup",
        "sendChatAction",
    }
)


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the Bot API: its *method* and *params*.

    Attributes:
        method: Name of the method.
        params: Its parameters.
        question: Id of the message that it answers, to find it again when that is edited.
        edits: Id of the kept call whose message this one changes.
        within: Id of the kept call that made the forum topic in which this message belongs.
        under: Id of the kept call whose message this one is a reply to.
        lane: Its lane, where that is not the one of the update that led to it.

    """

    method: str
    params: dict[str, Any]
    question: int | None = None
    edits: int | None = None
    within: int | None = None
    under: int | None = None
    lane: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept *call* with its *id* and *lane*, and how often it was tried (*tries*).

    *update_id* is that of the update which led to it; *target* is the id of the message that it changes, when that is known from an earlier call.
    """

    id: int
    update_id: int
    lane: str
    call: Call
    tries: int
    target: int | None


def _made_by(call: Any) -> Any:  # noqa: ANN401  # SQL expressions
    """Return the id of what the kept call with that id has made."""
    made = outbox.alias()
    return select(made.c.message_id).where(made.c.id == call).scalar_subquery()


_earlier = outbox.alias()
_is_first = ~(
    select(_earlier.c.id)
    .where(
        _earlier.c.state.in_((QUEUED, SENDING)),
        _earlier.c.lane == outbox.c.lane,
        _earlier.c.id < outbox.c.id,
    )
    .exists()
)
_of_update = outbox.alias()
_one = outbox.c.id == bindparam("one")
_some = outbox.c.id.in_(bindparam("some", expanding=True))
# Statements on the way of each call are built once: building takes longer than executing.
_keep = outbox.insert().values(
    place=select(func.count())
    .select_from(_of_update)
    .where(_of_update.c.update_id == bindparam("of_update"))
    .scalar_subquery()
)
_add = _keep.returning(outbox.c.id)
_claim = (
    select(
        outbox,
        _made_by(outbox.c.edits).label("target"),
        _made_by(outbox.c.within).label("thread"),
        _made_by(outbox.c.under).label("reply"),
    )
    .where(outbox.c.state == QUEUED, outbox.c.not_before <= bindparam("now"), _is_first)
    .order_by(outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=outbox)
)
_begin = (
    update(outbox)
    .where(_some)
    .values(state=SENDING, claimed_at=bindparam("now"), tries=outbox.c.tries + 1)
)
_confirm = update(outbox).where(_one).values(state=SENT, message_id=bindparam("made"), params=EMPTY)
_renew = update(outbox).where(_some, outbox.c.state == SENDING).values(claimed_at=bindparam("now"))


def keep(
    connection: Connection, update_id: int, lane: str, calls: Sequence[Call], now: datetime
) -> None:
    """Keep the *calls* that an update led to, to be made in that order."""
    rows = [_row(update_id, lane, call, now) for call in calls]
    if rows:
        connection.execute(_keep, rows)


def add(connection: Connection, update_id: int | None, lane: str, call: Call, now: datetime) -> int:
    """Keep one more call, and return its id; *update_id* is None when no update led to it."""
    added: int = connection.execute(_add, _row(update_id, lane, call, now)).scalar_one()
    return added


def _row(update_id: int | None, lane: str, call: Call, now: datetime) -> dict[str, Any]:
    return {
        "update_id": update_id,
        "of_update": update_id,
        "lane": call.lane or lane,
        "method": call.method,
        "params": json.dumps(call.params, ensure_ascii=True),
        "question": call.question,
        "edits": call.edits,
        "within": call.within,
        "under": call.under,
        "state": QUEUED,
        "tries": 0,
        "doubts": 0,
        "not_before": now,
    }


def made(connection: Connection, id_: int) -> int | None:
    """Return the id of what the kept call has made; None when it has not."""
    return connection.execute(
        select(outbox.c.message_id).where(outbox.c.id == id_)
    ).scalar_one_or_none()


def answer_to(connection: Connection, lane: str, question: int) -> int | None:
    """Return the id of the first call that answered the message *question* in *lane*."""
    return connection.execute(
        select(outbox.c.id)
        .where(outbox.c.lane == lane, outbox.c.question == question, outbox.c.edits.is_(None))
        .order_by(outbox.c.id)
        .limit(1)
    ).scalar_one_or_none()


def claim(
    connection: Connection, limit: int, now: datetime, busy: Collection[str] = ()
) -> Sequence[Kept]:
    """Return up to *limit* calls to make now, at most one a lane, and mark them as being made.

    None is of a lane that is one of *busy*, or begins with it and a colon.
    """
    statement = _claim.where(
        *(outbox.c.lane != one for one in busy),
        *(~outbox.c.lane.startswith(f"{one}:", autoescape=True) for one in busy),
    )
    rows = connection.execute(statement, {"most": limit, "now": now}).all()
    if rows:
        connection.execute(_begin, {"some": [row.id for row in rows], "now": now})
    return [
        Kept(
            row.id,
            row.update_id,
            row.lane,
            Call(row.method, json.loads(row.params) | _placed(row), row.question, row.edits),
            row.tries + 1,
            row.target,
        )
        for row in rows
    ]


def _placed(row: Any) -> dict[str, Any]:  # noqa: ANN401  # a row
    """Return where a message belongs; what could not be made before is left out."""
    params: dict[str, Any] = {"message_thread_id": row.thread} if row.thread else {}
    if row.reply:
        params["reply_parameters"] = {
            "message_id": row.reply,
            "allow_sending_without_reply": True,
        }
    return params


def confirm(connection: Connection, id_: int, message_id: int | None) -> None:
    """Mark a call as made, and empty it; *message_id* is that of what it made, if anything."""
    connection.execute(_confirm, {"one": id_, "made": message_id})


def refuse(connection: Connection, id_: int) -> None:
    """Mark a call as failed for good, and empty it."""
    connection.execute(update(outbox).where(outbox.c.id == id_).values(state=FAILED, params=EMPTY))


def postpone(connection: Connection, id_: int, until: datetime) -> None:
    """Make a call again from then on; it surely was not made."""
    connection.execute(
        update(outbox).where(outbox.c.id == id_).values(state=QUEUED, not_before=until)
    )


def doubt(connection: Connection, id_: int, until: datetime) -> None:
    """Make a call that may have been made again from then on, unless that was done before."""
    being_made = and_(outbox.c.state == SENDING, outbox.c.id == id_)
    again = or_(outbox.c.doubts < MOST_DOUBTS, outbox.c.method.in_(IDEMPOTENT))
    connection.execute(
        update(outbox)
        .where(being_made, again)
        .values(state=QUEUED, not_before=until, doubts=outbox.c.doubts + 1)
    )
    connection.execute(update(outbox).where(being_made).values(state=FAILED, params=EMPTY))


def renew(connection: Connection, ids: Collection[int], now: datetime) -> None:
    """Note that the calls with these *ids* are still being made by a process that lives."""
    if ids:
        connection.execute(_renew, {"some": list(ids), "now": now})


def recover(connection: Connection, before: datetime, now: datetime) -> None:
    """Make all calls again that a process which is gone began to make before that time."""
    connection.execute(
        update(outbox)
        .where(outbox.c.state == SENDING, outbox.c.claimed_at <= before)
        .values(state=QUEUED, not_before=now)
    )
