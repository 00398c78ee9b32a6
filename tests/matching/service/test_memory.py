"""What a process keeps moves to big pages, and takes no more room there."""

import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

_MEGABYTES = 64
_LINUX = tuple(int(part) for part in re.findall(r"\d+", platform.release())[:2])
_SCRIPT = f"""
import gc
from threading import Event, Thread
from services.matching import memory

def told(name, file):
    return sum(int(line.split()[1]) for line in open(f"/proc/self/{{file}}") if line.startswith(name + ":")) >> 10

stop = Event()
threads = [Thread(target=stop.wait) for _ in range(8)]
for thread in threads:
    thread.start()
kept = [bytes([number % 251]) * 400 for number in range({_MEGABYTES} * 2**20 // 433)]
small, room = told("AnonHugePages", "smaps"), told("VmRSS", "status")
memory.settle()
print(told("AnonHugePages", "smaps") - small, told("VmRSS", "status") - room, gc.get_freeze_count() > 0)
assert all(kept[number] == bytes([number % 251]) * 400 for number in range(0, len(kept), 1000))
stop.set()
"""


@pytest.mark.skipif(
    not Path("/sys/kernel/mm/transparent_hugepage").exists() or _LINUX < (6, 1),
    reason="only Linux from 6.1 on moves to big pages at once",
)
def test_what_stays_moves_to_big_pages_and_takes_no_more_room() -> None:
    """The stacks of threads, which are mostly empty, stay small: each would take megabytes."""
    done = subprocess.run([sys.executable, "-c", _SCRIPT], capture_output=True, text=True, check=True)
    moved, grown, frozen = done.stdout.split()
    assert int(moved) > _MEGABYTES * 0.4
    assert int(grown) < _MEGABYTES * 0.2
    assert frozen == "True"
