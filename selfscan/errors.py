"""What can be wrong with an instrument."""


class InstrumentError(ValueError):
    """A file that is no usable instrument: where it is wrong, and why."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason
