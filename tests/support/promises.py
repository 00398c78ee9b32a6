"""Promised times, told apart from a busy machine."""

import os


def allowed(seconds: float) -> float:
    """A quarter more than is promised, and longer where many processes share a core."""
    return seconds * max(1.25, os.getloadavg()[0] / (os.cpu_count() or 1))
