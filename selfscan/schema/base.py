"""What every part of an instrument is made of."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=60)]
Line = Annotated[str, StringConstraints(min_length=1)]
Percent = Annotated[float, Field(ge=0, le=100)]
LANGUAGES = ("nl", "en")
Count = Annotated[int, Field(ge=0)]


def _in_dutch(value: dict[str, str]) -> dict[str, str]:
    if unknown := value.keys() - LANGUAGES:
        raise ValueError(f"'{min(unknown)}' is no language of the platform: {', '.join(LANGUAGES)}")
    if "nl" not in value:
        raise ValueError("the Dutch text (nl) is missing")
    return value


Text = Annotated[dict[str, Line], AfterValidator(_in_dutch)]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    def changed(self, **changes: Any) -> Self:
        """A copy with these values; what was computed from the old ones is computed anew."""
        copy = self.model_copy(update=changes)
        for name in list(copy.__dict__):
            if isinstance(getattr(type(self), name, None), cached_property):
                del copy.__dict__[name]
        return copy


class Retirable(Model):
    """Codes are never deleted: what is no longer asked is retired, and stays known."""

    status: Literal["active", "retired"] = "active"
    retired_in: Line | None = None
    replaced_by: Code | None = None
