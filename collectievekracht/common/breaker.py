"""A breaker: after a failure the broken thing is left alone for a while, by the whole process."""

import time


class Breaker:
    """`open` is true while the thing should be left alone."""

    def __init__(self, seconds: float = 10.0) -> None:
        self.seconds = seconds
        self._until = 0.0

    @property
    def open(self) -> bool:
        return time.monotonic() < self._until

    def trip(self) -> None:
        """Leave the thing alone from now on, for `seconds`."""
        self._until = time.monotonic() + self.seconds

    def reset(self) -> None:
        self._until = 0.0
