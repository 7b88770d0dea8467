"""`make trust`, `make trust GROUP=B`: the lines at full figures, and their table."""

import os
import sys

import pytest

if __name__ == "__main__":
    os.environ.setdefault("TRUST", "full")
    group = sys.argv[1].lower() if len(sys.argv) > 1 else ""
    chosen = ["-k", f"test_{group}"] if group else []
    sys.exit(pytest.main(["tests", "-m", "trust", "-q", "-p", "no:cacheprovider", *chosen]))
