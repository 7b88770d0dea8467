"""What was given and received."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from collectievekracht.common.personal import Rows, rows, take_out, words_of
from collectievekracht.common.registry import PersonalData, contribution_kinds
from members.models import Contribution
from members.personal_data.words import in_words


def _exchange(user_id: int | None, email: str) -> Rows:
    if user_id:
        mine = Contribution.objects.filter(user_id=user_id)
        for row in rows(mine, "kind", "direction", "facts", "at", collective="collective__name"):
            kind = contribution_kinds.get(row["kind"])
            yield {**row, "words": in_words(kind.text, row["facts"]) if kind else ""}


def _forget_exchange(user_id: int | None, email: str) -> None:
    """A line of a collective stays without its person; one of the person alone goes."""
    if user_id:
        mine = Contribution.objects.filter(user_id=user_id)
        mine.filter(collective=None).delete()
        mine.update(user=None)
    take_out(Contribution.objects.all(), words_of(user_id, email), "facts")


EXCHANGE = PersonalData(
    "exchange",
    _("What you gave and got"),
    _exchange,
    _forget_exchange,
    models=("members.Contribution",),
    what=_("Lines of the ledger that are about you."),
)
