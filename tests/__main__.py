"""`make test`: every test once; first what may run beside each other, a process a core, then what needs the machine alone."""

import os
import subprocess
import sys

PARTS = (
    ["--part", "beside", "-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile"],
    ["--part", "alone"],
)
NOTHING_CHOSEN = 5  # pytest's answer when the arguments choose no test of this part


def main(arguments: list[str]) -> int:
    """Both parts with the same arguments; the first answer that isn't good, or that no test was chosen at all."""
    answers = [
        subprocess.run([sys.executable, "-m", "pytest", *part, *arguments], check=False).returncode
        for part in PARTS
    ]
    wrong = [answer for answer in answers if answer not in (0, NOTHING_CHOSEN)]
    return wrong[0] if wrong else min(answers)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
