"""The design, enforced on the syntax trees: who may import whom, single owners, sizes, names."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SERVICES = ("catalog", "matching", "gateway")
CODE = [*ROOT.glob("services/**/*.py"), *ROOT.glob("shared/**/*.py")]
ALL = [*CODE, *ROOT.glob("tests/**/*.py"), *ROOT.glob("bench/**/*.py")]
COMPOSITION_ROOTS = {"services/standalone.py", "services/cli.py"}

SINGLE_OWNERS = {
    "httpx2": {
        "shared/feed.py",
        "services/catalog/search/meilisearch.py",
    },
    "aiohttp": {"services/gateway/upstream.py"},
    "tantivy": {"services/catalog/search/"},
    "meilisearch": {"services/catalog/search/"},
    "os.environ": {"shared/settings.py"},
    "rjieba": {"shared/segmentation.py"},
    "ahocorasick_rs": {f"services/matching/intake/{name}.py" for name in ("phrases", "texts")},
    "jwt": {"shared/principal.py"},
    "python_calamine": {"services/catalog/imports/"},
    "stdnum": {"shared/contracts/checks.py"},
}
"""Who alone touches a library."""
HTTP_CLIENTS_TOO = {
    "services/standalone.py",
    "services/demonstration.py",
    "services/commands/",
    "services/matching/follower.py",
}

ROOMS = ("snapshot", "intake", "kernel", "reverse")
"""Rooms of matching that compute and nothing else; each may know those before it."""
FORBIDDEN_IN_PURE = ("sqlalchemy", "fastapi", "starlette", "tantivy", "meilisearch", "httpx2")
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "core", "misc"}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def faults(found: Iterator[str] | list[str]) -> str:
    return "\n".join(sorted(set(found)))


def test_shared_imports_no_service():
    assert not faults(
        f"{name(p)} imports {m}"
        for p in CODE
        if name(p).startswith("shared/")
        for m in imports(p)
        if m.split(".")[0] == "services"
    )


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_imports_no_other_and_no_composition_root(service):
    outside = [other for other in (*SERVICES, "standalone", "demonstration", "cli", "commands") if other != service]
    found = (
        f"{name(path)} imports {module}"
        for path in CODE
        if name(path).startswith(f"services/{service}/")
        for module in imports(path)
        if module.startswith("services.") and module.split(".")[1] in outside
    )
    assert not faults(found)


def test_libraries_have_single_owners():
    found = []
    for path in CODE:
        for module in imports(path):
            for library, owners in SINGLE_OWNERS.items():
                allowed = owners | (HTTP_CLIENTS_TOO if library == "httpx2" else set())
                if (module == library or module.startswith(library + ".")) and not name(path).startswith(
                    tuple(allowed)
                ):
                    found.append(f"{name(path)} imports {module}, which belongs to {sorted(owners)}")
    assert not faults(found)


def test_the_environment_is_read_in_settings_only():
    pattern = re.compile(r"\bos\.(environ|getenv)\b")
    assert not faults(name(p) for p in CODE if name(p) != "shared/settings.py" and pattern.search(p.read_text()))


def test_a_database_is_opened_with_its_password():
    pattern = re.compile(
        r"(Database|upgrade|connect)\([^)]*\.database_url\b"
    )  # settings.database() adds the secret file's
    assert not faults(name(p) for p in CODE if pattern.search(p.read_text()))


def test_nobody_commits_and_nobody_raises_a_number():
    pattern = re.compile(r"\.commit\(|\bHTTPException\b")
    allowed = {"services/catalog/search/tantivy.py"}  # an index has commits of its own
    assert not faults(
        name(p)
        for p in CODE
        if name(p).startswith("services/") and name(p) not in allowed and pattern.search(p.read_text())
    )


def test_endpoints_stay_thin():
    found = (
        f"{name(path)} imports {module}"
        for path in CODE
        if "/endpoints/" in name(path)
        for module in imports(path)
        if module.split(".")[0] in {"sqlalchemy", "tantivy", "meilisearch", "httpx2", "numpy", "scipy"}
    )
    assert not faults(found)


def test_verb_modules_know_no_web_framework():
    for service in SERVICES:
        framed = {"app.py", "endpoints", "access.py", "upstream.py", "proxy.py", "openapi.py", "limits.py", "page"}
        found = (
            f"{name(path)} imports {module}"
            for path in ROOT.glob(f"services/{service}/**/*.py")
            if service != "gateway" and path.relative_to(ROOT / "services" / service).parts[0] not in framed
            for module in imports(path)
            if module.split(".")[0] in {"fastapi", "starlette"}
        )
        assert not faults(found)


def test_the_matching_kernel_is_pure():
    found = (
        f"{name(path)} imports {module}"
        for path in ROOT.glob("services/matching/**/*.py")
        if path.relative_to(ROOT / "services/matching").parts[0] in ROOMS
        for module in imports(path)
        if module.split(".")[0] in FORBIDDEN_IN_PURE
    )
    assert not faults(found)


def test_the_rooms_of_matching_stand_in_one_order():
    found = (
        f"{name(path)} imports {module}"
        for place, room in enumerate(ROOMS)
        for path in ROOT.glob(f"services/matching/{room}/**/*.py")
        for module in imports(path)
        if module.startswith(tuple(f"services.matching.{later}" for later in ROOMS[place + 1 :]))
    )
    assert not faults(found)


def test_files_and_functions_stay_small():
    found = [f"{name(p)}: {n} lines" for p in ALL if (n := len(p.read_text().splitlines())) > 300]
    for path in ALL:
        for node in ast.walk(tree(path)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > 50:
                    found.append(f"{name(path)}:{node.lineno} {node.name}: {length} lines")
    assert not faults(found)


def test_modules_are_named_for_what_they_hold():
    assert not faults(name(path) for path in ALL if path.stem in FORBIDDEN_NAMES)


def test_the_repository_names_no_machine_and_no_registry():
    suspicious = re.compile(r"/[w]ork/|pypi\.org|files\.pythonhosted|registry\.npmjs|index-url http|/opt/wheels")
    texts = [
        p
        for p in ROOT.rglob("*")
        if p.suffix in {".py", ".md", ".toml", ".lock", ".in", ".sh", ".yml", ".json", ".js", ".html", ".css"}
    ]
    found = (
        name(path)
        for path in texts
        if not {".venv", "var", ".git", "node_modules"} & set(path.relative_to(ROOT).parts)
        and path != Path(__file__)
        and suspicious.search(path.read_text("utf-8", errors="replace"))
    )
    assert not faults(found)
