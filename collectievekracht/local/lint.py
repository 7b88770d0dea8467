"""`make lint`: every check that needs no running platform, a line each; all of them run, also when one finds something."""

import os
import subprocess
import sys
import time

from collectievekracht.local import paths

PYTHON = sys.executable
CHECKS = (
    ("format", [PYTHON, "-m", "ruff", "format", "--check", "--output-format", "concise", "."]),
    ("lint", [PYTHON, "-m", "ruff", "check", "--output-format", "concise", "."]),
    (
        "imports",
        [PYTHON, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-logo"],
    ),
    ("types", [PYTHON, "-m", "mypy"]),
    ("templates", [PYTHON, "-m", "djlint", "--lint", "--quiet", "."]),
    ("migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("translations", [PYTHON, "-m", "collectievekracht.local.translations"]),
    ("production settings", [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]),
)
# As on a real server, with values that serve nothing but this check.
PRODUCTION = {
    "DEBUG": "0",
    "SITE_URL": "https://collectievekracht.example",
    "ALLOWED_HOSTS": "collectievekracht.example",
    "TRUSTED_PROXY_COUNT": "1",
    "EMAIL_URL": "smtp://127.0.0.1:25",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
} | {
    name: f"{name}-of-the-check-on-production-settings-4f1d8a90c7b35e62"
    for name in ("SECRET_KEY", "UNSUBSCRIBE_KEY", "SUPPRESSION_KEY")
}


def main() -> int:
    """0 when every check is content."""
    unhappy = []
    for name, command in CHECKS:
        began = time.monotonic()
        environment = os.environ | (PRODUCTION if name == "production settings" else {})
        done = subprocess.run(
            command,
            cwd=paths.CHECKOUT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        print(
            f"{name:20} {'wrong' if done.returncode else 'good'} ({time.monotonic() - began:.0f} s)",
            flush=True,
        )
        if done.returncode:
            unhappy.append(name)
            print(done.stdout, flush=True)
    print(f"Not in order: {', '.join(unhappy)}." if unhappy else "All in order.")
    return int(bool(unhappy))


if __name__ == "__main__":
    sys.exit(main())
