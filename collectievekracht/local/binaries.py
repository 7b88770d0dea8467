"""Finds the programs of the database and the broker."""

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from collectievekracht.local import paths


def packaged(package: str, inside: str, data: Path) -> Path | None:
    """A program in an installed package, which is never imported, at a place where the services' user can run it."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    home = Path(next(iter(spec.submodule_search_locations)))
    if not (home / inside).is_file():
        return None
    if paths.is_reachable(home):
        return home / inside
    copies = paths.services_dir(data) / "packages"
    for part in (home, home.with_name(f"{package}.libs")):
        _copy_where_newer(part, copies / part.name)
    return copies / home.name / inside


def _copy_where_newer(source: Path, target: Path) -> None:
    if not source.is_dir() or (target.is_dir() and target.stat().st_mtime > source.stat().st_mtime):
        return
    unfinished = target.with_suffix(".new")
    for old in (unfinished, target):
        shutil.rmtree(old, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-R", str(source), str(unfinished)], check=True)
    subprocess.run(["chmod", "-R", "a+rX", str(unfinished), str(target.parent)], check=True)
    unfinished.rename(target)


def on_path(name: str, *further: str) -> Path | None:
    """The program `name` on the PATH or in one of the folders of the patterns `further`, the newest last there."""
    folders = [Path(folder) for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if folder]
    for pattern in further:
        folders += sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)
    for folder in folders:
        if os.access(folder / name, os.X_OK):
            return (folder / name).resolve()
    return None


def version(program: Path) -> tuple[int, ...]:
    """The version that a program names, such as (15, 8)."""
    answer = subprocess.run(
        [str(program), "--version"], capture_output=True, text=True, check=True, cwd="/"
    ).stdout
    for word in answer.replace("v=", " ").split():
        if word[0].isdigit() and "." in word:
            return tuple(int("".join(filter(str.isdigit, part)) or 0) for part in word.split("."))
    return ()
