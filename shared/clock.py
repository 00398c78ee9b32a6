"""The clock: moments in UTC, and the calendar day in China, which is what a deadline or a validity means."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date in China."""
    return datetime.now(SHANGHAI).date()
