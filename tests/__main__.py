"""`make test`: every test once, in stages; a stage runs its parts at once, and the next begins when all of them ended.

Which test belongs to which part: `tests/conftest.py`.
"""

import os
import subprocess
import sys
from contextlib import ExitStack
from tempfile import TemporaryFile

CORES = min(os.cpu_count() or 1, 4)
STAGES = (
    (["--part", "beside", "-n", str(CORES), "--dist", "loadfile"],),
    # Two platforms of live processes, on which tests mostly wait, and a browser that draws; a database each.
    (["--part", "journeys"], ["--part", "trust"], ["--part", "drawn", "-n", "1"]),
    (["--part", "alone"],),
)
NOTHING_CHOSEN = 5  # pytest's answer when the arguments choose no test of this part


def run(parts: tuple[list[str], ...], arguments: list[str]) -> list[int]:
    """The answers of these parts; what the first prints is seen as it comes, of the others when all have ended."""
    commands = [[sys.executable, "-m", "pytest", *part, *arguments] for part in parts]
    with ExitStack() as stack:
        printed = [stack.enter_context(TemporaryFile()) for _ in commands[1:]]
        others = [
            subprocess.Popen(command, stdout=file, stderr=file)
            for command, file in zip(commands[1:], printed, strict=True)
        ]
        answers = [subprocess.run(commands[0], check=False).returncode, *(other.wait() for other in others)]
        for file in printed:
            file.seek(0)
            sys.stdout.buffer.write(file.read())
        sys.stdout.flush()
    return answers


def main(arguments: list[str]) -> int:
    """All parts with the same arguments; the first answer that isn't good, or that no test was chosen at all."""
    answers = [answer for stage in STAGES for answer in run(stage, arguments)]
    wrong = [answer for answer in answers if answer not in (0, NOTHING_CHOSEN)]
    return wrong[0] if wrong else min(answers)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
