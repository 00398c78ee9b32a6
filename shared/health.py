"""What a container asks to know whether its process is well; exits with 0 or 1.

    python -m shared.health http://127.0.0.1:8080/readyz    an API: ready
    python -m shared.health var/relay.alive                 a loop: it finished a round lately

It runs every few seconds, so it needs the standard library alone and is done in a twentieth of a second.
"""

import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

PATIENCE_SECONDS = 4
STALE_SECONDS = 30
"""A loop works through at most one page of the feed in a round, or one rebuild."""


def of_an_api(url: str) -> str | None:
    """None when it is ready, else what it says."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS):  # noqa: S310 - an address of our own, from the image
            return None
    except urllib.error.HTTPError as refused:
        return refused.read().decode(errors="replace")
    except OSError as silent:
        return str(silent)


def of_a_loop(heartbeat: Path) -> str | None:
    """None when its last round is not long ago."""
    try:
        age = time.time() - heartbeat.stat().st_mtime
    except OSError:
        return "no round was finished yet"
    return None if age < STALE_SECONDS else f"the last round was finished {age:.0f} s ago"


def main() -> None:
    """Say what is wrong, if anything."""
    (asked,) = sys.argv[1:]
    wrong = of_an_api(asked) if asked.startswith("http") else of_a_loop(Path(asked))
    if wrong is not None:
        raise SystemExit(wrong)


if __name__ == "__main__":
    main()
