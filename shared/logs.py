"""Logs: one JSON line an event, facts only. Never log what a caller sent: no texts, no names, no addresses."""

import logging
import sys

import structlog

log = structlog.stdlib.get_logger("duijie")


def configure(level: str = "INFO") -> None:
    """Write JSON lines to standard error; called once by a process's entry point."""
    # Of libraries only what is wrong: an HTTP client would tell addresses, and what callers search for stands in them.
    logging.basicConfig(format="%(message)s", stream=sys.stderr, level="WARNING")
    logging.getLogger("duijie").setLevel(level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _drop_failure_text,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _drop_failure_text(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Keep where a failure came from, not its message, which may quote the caller's data."""
    failure = event.pop("exc_info", None)
    if isinstance(failure, BaseException):
        frame, where = failure.__traceback__, []
        while frame is not None:
            code = frame.tb_frame.f_code
            where.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{frame.tb_lineno}")
            frame = frame.tb_next
        event["where"] = where[-6:]
    return event
