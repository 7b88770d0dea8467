"""How large a test is, and the table of what it showed."""

import os
from dataclasses import dataclass, field

FULL = os.environ.get("TRUST") == "full"


def count(full: int) -> int:
    """So many times: all of them in `make trust`, a tenth (at least three) in `make test`."""
    return full if FULL else max(3, full // 10)


def seconds(full: float) -> float:
    """So long: in `make test` at most ten seconds."""
    return full if FULL else min(full, 10)


def within(full: float) -> float:
    """At most so long: as promised in `make trust`; four times that in `make test`, which shares its machine."""
    return full if FULL else 4 * full


@dataclass
class Table:
    """What was seen beside what it must be, a row per line."""

    rows: list[tuple[str, str, str, str, bool]] = field(default_factory=list)

    def add(self, line: str, what: str, *, seen: str, must: str, holds: bool) -> None:
        """Write a row, and fail the test if what was seen isn't what must be."""
        self.rows.append((line, what, seen, must, holds))
        assert holds, f"{line}: {what}: {seen}; must be: {must}"

    def text(self) -> str:
        size = "full figures" if FULL else "a tenth of the figures"
        lines = [f"Trust, {size}", "", "| line | what | seen | must be | |", "|---|---|---|---|---|"]
        rows = sorted(self.rows, key=lambda row: (row[0][0], int("0" + "".join(filter(str.isdigit, row[0])))))
        lines += [f"| {' | '.join(row[:4])} | {'yes' if row[4] else 'NO'} |" for row in rows]
        return "\n".join(lines)


TABLE = Table()  # of this run: the lines of every folder end in one table
