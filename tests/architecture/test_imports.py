"""Imports go down: views → forms, policy, queries, service → rules, models → civic; features one way only."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.support import for_each, git_files

ROOT = Path(__file__).resolve().parents[2]
MODULES = [
    path
    for path in git_files("*.py")
    if path.relative_to(ROOT).parts[0] in {"civic", "proposals", "voting", "consultations"}
]
#: what may not import what, between packages
FORBIDDEN_PACKAGES = {
    "proposals": {"voting", "consultations"},
    "voting": {"consultations"},
    "consultations": {"proposals", "voting"},
    "civic": {"proposals", "voting", "consultations"},
}
#: the composition root, and the demo city that walks every feature's services
KNOWS_FEATURES = {"civic/app.py", "civic/demo"}
#: Large libraries that no common page needs; a function imports them.
NOT_FOR_PAGES = {
    "PIL", "alembic", "apscheduler", "holidays", "lxml", "mako", "numpy", "puremagic", "pygments", "rapidfuzz", "typst",
    "xlsxwriter",
}  # fmt: skip


@cache
def imported(path: Path) -> set[str]:
    """Every module a file imports, absolute."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@for_each(MODULES)
def test_features_know_each_other_one_way(path: Path) -> None:
    name = name_of(path)
    if any(name.startswith(exempt) for exempt in KNOWS_FEATURES):
        return
    package = path.relative_to(ROOT).parts[0]
    tops = {module.split(".")[0] for module in imported(path)}
    assert not tops & FORBIDDEN_PACKAGES[package]


@for_each(MODULES)
def test_rooms_hold_what_their_name_says(path: Path) -> None:
    modules = imported(path)
    tops = {module.split(".")[0] for module in modules}
    if path.name == "rules.py" or name_of(path).startswith(
        ("voting/counting/", "consultations/agora/opinions/")
    ):
        assert not tops & {"flask", "sqlalchemy", "flask_login", "flask_sqlalchemy"}
        assert "civic.clock" not in modules
    if path.name == "models.py":
        assert not tops & {"flask_login", "wtforms"}
    if path.name.endswith(("service.py", "queries.py", "policy.py")) and name_of(path) != "civic/policy.py":
        assert not {"flask.request", "flask.session", "flask.g"} & modules
        assert "civic.clock.now" not in modules
    if path.name == "forms.py":
        assert "sqlalchemy" not in tops


@for_each(MODULES)
def test_bleach_has_one_user_and_commits_one_place(path: Path) -> None:
    if name_of(path) != "civic/text.py":
        assert "bleach" not in {module.split(".")[0] for module in imported(path)}
    if path.name.endswith(("service.py", "views.py", "queries.py", "policy.py", "rules.py")):
        assert "session.commit(" not in path.read_text(), "services and views never commit"


@for_each(MODULES)
def test_modules_are_short_and_say_what_they_are_for(path: Path) -> None:
    source = path.read_text()
    assert source.count("\n") <= 500, "split it by subject"
    assert ast.get_docstring(ast.parse(source)), "a module says in its first line what it holds"


def test_counting_stands_alone() -> None:
    modules = [f"voting.counting.{path.stem}" for path in (ROOT / "voting/counting").glob("*.py")]
    names = ", ".join(one.removesuffix(".__init__") for one in modules)
    program = f"import sys, {names}; print(sorted({{'flask', 'sqlalchemy', 'wtforms'}} & set(sys.modules)))"
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert ran.stdout.strip() == "[]"


def test_a_web_process_loads_what_pages_need() -> None:
    """Libraries of counting, migrating, printing, the worker's clock and uploads take some 50 MB a process."""
    program = (
        "import sys, tempfile; from civic.app import create_app; from civic.config import load_settings;"
        " create_app(load_settings({'CIVIC_ENV': 'test', 'CIVIC_DATA_DIR': tempfile.mkdtemp(),"
        " 'DATABASE_URL': 'postgresql://nobody@localhost/none'}));"
        f" print(sorted({NOT_FOR_PAGES} & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, timeout=120, capture_output=True, text=True
    )
    assert ran.stdout.splitlines()[-1] == "[]", "import it where it is used"
