"""What the bot counts of itself, for Prometheus; the names are fixed, as alerts rest on them.

Counters are of this process, as Prometheus expects. What waits is read from the store when it is
asked for: it is the same for all processes, and can't be wrong after one was killed.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.messages import Reply

# Seconds: an idle bot handles an update in some milliseconds.
BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
CONTENT_TYPE: Final = CONTENT_TYPE_LATEST

_received = Counter("kaidian_updates_received", "Updates kept, repeated ones counted.")
_passed_over = Counter(
    "kaidian_updates_passed_over", "Updates that were more than a person may ask in a minute."
)
_handled = Counter("kaidian_updates_handled", "Updates handled, by what was wanted.", ["kind"])
_failed = Counter("kaidian_updates_failed", "Tries to handle an update that failed.")
_decisions = Counter("kaidian_decisions", "Utterances decided, by outcome.", ["outcome"])
_calls = Counter(
    "kaidian_calls", "Calls of the Bot API, by what became of them.", ["method", "result"]
)
_refused = Counter("kaidian_requests_refused", "Requests to the webhook refused.", ["reason"])
_seconds = Histogram("kaidian_handling_seconds", "Handling of an update.", buckets=BUCKETS)


def received(number: int, passed_over: int) -> None:
    """Count updates that were kept, and those of them that were too many of one person."""
    _received.inc(number)
    _passed_over.inc(passed_over)


def handled(kind: str, reply: Reply | None, seconds: float) -> None:
    """Count an update that was handled in so many *seconds*, and what was decided about it."""
    _handled.labels(kind).inc()
    _seconds.observe(seconds)
    for part in reply.parts if reply else ():
        _decisions.labels(part.outcome).inc()


def failed() -> None:
    """Count a failed try to handle an update."""
    _failed.inc()


def called(method: str, result: str) -> None:
    """Count a call, and what became of it: an error's name, or ok."""
    _calls.labels(method, result).inc()


def refused(reason: str) -> None:
    """Count a request to the webhook that was refused."""
    _refused.labels(reason).inc()


class Waiting(Collector):
    """What waits, as *lengths* reads it from the store; without a store it says only that."""

    def __init__(self, lengths: Callable[[], Mapping[str, int] | None]) -> None:
        self._lengths = lengths

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Yield nothing, so that registering does not read the store."""
        yield from ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the lengths of the queues and whether the store could be read."""
        lengths = self._lengths()
        yield GaugeMetricFamily(
            "kaidian_store_up", "Whether the store can be read.", value=int(lengths is not None)
        )
        queues = GaugeMetricFamily("kaidian_queue", "What waits, by queue.", labels=["queue"])
        for name, length in (lengths or {}).items():
            queues.add_metric([name], length)
        yield queues


def watch(lengths: Callable[[], Mapping[str, int] | None]) -> None:
    """Offer what *lengths* reads beside the counters."""
    REGISTRY.register(Waiting(lengths))


def page() -> bytes:
    """Return all figures in Prometheus' text format."""
    return generate_latest(REGISTRY)
