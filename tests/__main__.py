"""`make test`: every test once, in stages; a stage runs its parts at once, and the next begins when all of them ended.

Which test belongs to which part: `tests/conftest.py`.
"""

import os
import subprocess
import sys
from tempfile import TemporaryFile

STAGES = (
    (["--part", "beside", "-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile"],),
    (
        ["--part", "live"],
        ["--part", "drawn", "-n", "1"],
    ),  # the one mostly waits, the other draws; a database each
    (["--part", "alone"],),
)
NOTHING_CHOSEN = 5  # pytest's answer when the arguments choose no test of this part


def run(parts: tuple[list[str], ...], arguments: list[str]) -> list[int]:
    """The answers of these parts; what the first prints is seen as it comes, of the others when they end."""
    command = [sys.executable, "-m", "pytest"]
    with TemporaryFile() as printed:
        others = [
            subprocess.Popen([*command, *part, *arguments], stdout=printed, stderr=printed)
            for part in parts[1:]
        ]
        first = subprocess.run([*command, *parts[0], *arguments], check=False).returncode
        answers = [first, *(other.wait() for other in others)]
        printed.seek(0)
        sys.stdout.buffer.write(printed.read())
        sys.stdout.flush()
    return answers


def main(arguments: list[str]) -> int:
    """All parts with the same arguments; the first answer that isn't good, or that no test was chosen at all."""
    answers = [answer for stage in STAGES for answer in run(stage, arguments)]
    wrong = [answer for answer in answers if answer not in (0, NOTHING_CHOSEN)]
    return wrong[0] if wrong else min(answers)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
