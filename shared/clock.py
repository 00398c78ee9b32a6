"""The clock: moments in UTC, and the calendar day in China, which is what a deadline or a validity means."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_ahead = timedelta()


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC) + _ahead


def today() -> date:
    """Today's date in China."""
    return now().astimezone(SHANGHAI).date()


@contextmanager
def ahead(by: timedelta) -> Iterator[None]:
    """Let this process' clock go ahead by some time, so that a test need not wait for what only time brings."""
    global _ahead  # noqa: PLW0603 - there is one clock
    before = _ahead
    _ahead = before + by
    try:
        yield
    finally:
        _ahead = before
