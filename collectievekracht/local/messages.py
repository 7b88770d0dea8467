"""Compiles the translations with gettext's msgfmt."""

import subprocess

from collectievekracht.local import paths


def compile_all() -> None:
    """Write each `.mo` that is missing or older than its `.po`."""
    for source in (paths.CHECKOUT / "locale").glob("*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime > source.stat().st_mtime:
            continue
        unfinished = source.with_suffix(".new")
        subprocess.run(["msgfmt", "--check-format", "-o", str(unfinished), str(source)], check=True)
        unfinished.replace(compiled)
