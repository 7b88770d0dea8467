"""`python -m tests.bench [NAME ...]`: every benchmark, or those of `bench_NAME.py`, as one table of ratios."""

import os
import sys
import warnings
from importlib import import_module
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")


def main(names: list[str]) -> int:
    """Run them and print the table; 1 when a bound isn't met."""
    import django

    warnings.simplefilter("ignore")
    django.setup()
    from tests.bench import harness

    modules = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    chosen = [name for name in modules if not names or name.removeprefix("bench_") in names]
    lines = []
    with harness.own_database():
        for name in chosen:
            print(f"… {name.removeprefix('bench_')}", file=sys.stderr, flush=True)
            lines += import_module(f"tests.bench.{name}").lines()
    print(harness.table(lines))
    return int(not all(line.met for line in lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
