"""deploy/Dockerfile without a container engine: its steps, carried out in an empty folder per stage.

Understood are FROM … AS, ARG, ENV, WORKDIR, COPY, RUN, USER, ENTRYPOINT; another instruction is an error. A path that
is absolute in an image is below the stage's folder here; .dockerignore is heeded.
"""

import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from tests.support.processes import ROOT

DOCKERFILE = ROOT / "deploy" / "Dockerfile"
MACHINE_PATH = "/usr/bin:/bin"
INSIDE = ("/opt/duijie", "/srv/duijie")
"""The absolute paths of the images; each stands for a folder of the stage."""


@dataclass
class Image:
    """A stage that was carried out: its folder, and what a process in it finds."""

    folder: Path
    environment: dict[str, str]
    workdir: str = "/"
    user: str = "root"
    entrypoint: list[str] = field(default_factory=list)

    @property
    def cwd(self) -> Path:
        """Where a process begins."""
        return self.inside(self.workdir)

    def inside(self, path: str) -> Path:
        """An absolute path of the image on this machine."""
        return self.folder / path.lstrip("/")

    def here(self, text: str) -> str:
        """A text with the image's absolute paths replaced by those on this machine."""
        return re.sub("|".join(INSIDE), lambda found: str(self.inside(found[0])), text)


def stages() -> dict[str, list[tuple[str, str]]]:
    """The steps of each stage, by its name."""
    text = re.sub(r"\\\n", " ", DOCKERFILE.read_text("utf-8"))
    found: dict[str, list[tuple[str, str]]] = {}
    for line in (line.strip() for line in text.splitlines()):
        if not line or line.startswith("#"):
            continue
        word, _, rest = line.partition(" ")
        if word == "FROM":
            steps = found.setdefault(rest.split(" AS ")[1], [])
        steps.append((word, rest.strip()))
    return found


def build(target: str, folder: Path, built: dict[str, Image], **arguments: str) -> Image:
    """Carry out one stage in an empty folder; `built` holds the stages it copies from."""
    folder.mkdir(parents=True)
    image = Image(folder, {"PATH": f"{_base_python(folder.parent)}:{MACHINE_PATH}"})
    values: dict[str, str] = {}
    for word, rest in stages()[target]:
        said = Template(rest).safe_substitute(image.environment | values) if word != "RUN" else rest
        match word:
            case "FROM":
                continue
            case "ARG":
                values[rest] = arguments[rest]
            case "ENV":
                image.environment |= {k: image.here(v) for k, v in (pair.split("=", 1) for pair in shlex.split(said))}
            case "WORKDIR":
                image.workdir = said
                image.cwd.mkdir(parents=True, exist_ok=True)
            case "COPY":
                _copy(image, built, *shlex.split(said))
            case "RUN":
                subprocess.run(image.here(said), shell=True, check=True, cwd=image.cwd, env=image.environment)  # noqa: S602
            case "USER":
                image.user = said
            case "ENTRYPOINT":
                image.entrypoint = json.loads(said)
            case _:
                raise NotImplementedError(word)
    return image


def installed(folder: Path) -> Image:
    """In place of the stage `packages`: the environment that the tests run in has the same packages, and more."""
    venv = folder / "opt/duijie/venv"
    venv.parent.mkdir(parents=True)
    venv.symlink_to(sys.prefix)
    return Image(folder, {})


def _base_python(folder: Path) -> Path:
    """A folder with the interpreter that the base image has, as `python`."""
    bin_folder = folder / "base-python"
    if not bin_folder.exists():
        bin_folder.mkdir()
        (bin_folder / "python").symlink_to(os.path.realpath(sys.executable))
    return bin_folder


def _copy(image: Image, built: dict[str, Image], *words: str) -> None:
    options = [word for word in words if word.startswith("--from=")]
    *sources, target = (word for word in words if word not in options)
    for source in sources:
        if options:
            origin = built[options[0].removeprefix("--from=")].inside(source)
        else:
            origin = ROOT / source
            assert not _ignored(source), f".dockerignore keeps {source} out"
        place = image.inside(target) if target.startswith("/") else image.cwd / target
        if target.endswith("/"):
            place /= origin.name
        place.parent.mkdir(parents=True, exist_ok=True)
        if origin.is_symlink():
            place.symlink_to(origin.readlink())
        elif origin.is_dir():
            shutil.copytree(origin, place, symlinks=True, ignore=None if options else _left_out)
        else:
            shutil.copy(origin, place)


def _left_out(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if _ignored(str((Path(folder) / name).relative_to(ROOT)))}


def _ignored(path: str) -> bool:
    """Whether .dockerignore keeps a path out: the last line that fits it, or a folder above it, decides."""
    out = False
    for pattern in _patterns():
        plain = pattern.removeprefix("!").removeprefix("**/")
        parts = Path(path).parts
        above = ["/".join(parts[: end + 1]) for end in range(len(parts))]
        fits = any(fnmatch.fnmatch(one if "**/" not in pattern else Path(one).name, plain) for one in above)
        if fits:
            out = not pattern.startswith("!")
    return out


def _patterns() -> Iterator[str]:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    return (line for line in lines if line and not line.startswith("#"))
