"""docs/widget.md, command for command, against a real system."""

import re
import subprocess
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "widget.md"


def test_the_commands_of_the_page_work(demo, tmp_path):
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(blocks) == 1
    given = {"URL": demo.url, "KEY": demo.keys["bureau"], "PATH": "/usr/local/bin:/usr/bin:/bin"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", blocks[0]], check=False, env=given, cwd=tmp_path, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()


def test_the_page_names_every_attribute_and_every_property():
    page, source = PAGE.read_text("utf-8"), PAGE.parents[1] / "services" / "gateway" / "widget" / "source"
    observed = re.search(r"observedAttributes = \[(.*?)\]", (source / "element.js").read_text("utf-8"))
    named = re.findall(r'"(\w+)"', observed[1] if observed else "")
    assert len(named) >= 7
    assert all(f"`{name}`" in page for name in [*named, "theme"])
    properties = set(re.findall(r"var\((--duijie-[a-z-]+)", (source / "style.css").read_text("utf-8")))
    assert all(f"`{name}`" in page for name in properties)
