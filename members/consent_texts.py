"""What a collective agrees to on its own pages, in words; given with this version. A scan has its instrument's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from members.choices import ConsentKind

# Another word in a text below is another version: who agreed before agreed to the older words.
VERSION = "site 2026-11"


@dataclass(frozen=True)
class Asked:
    """A question for a yes, with what it means and what happens when the yes is taken back."""

    kind: str
    question: Any
    means: Any
    taken_back: Any

    @property
    def text(self) -> str:
        """The words that are kept with the yes."""
        return f"{self.question} {self.means}"


ASKED = {
    asked.kind: asked
    for asked in (
        Asked(
            ConsentKind.PROFILE,
            _("May we make a public page about your collective?"),
            _(
                "It shows name, place, website, description, field, area, starting year and legal form. And also: whom "
                "you do it for, what people notice of your work and what you offer. Never money, member figures or "
                "scores."
            ),
            _("Your page and your pin are gone at once. Your text is kept, for when you change your mind."),
        ),
        Asked(
            ConsentKind.MAP,
            _("May we put you on the map?"),
            _("Do people live or stay at your address? Then it is better to choose the place."),
            _("Your pin is gone at once. Your page stays."),
        ),
        Asked(
            ConsentKind.RESEARCH,
            _("May researchers use your answers, without your name?"),
            _(
                "We remove name, postcode, website, e-mail address and free text. Of the place only the province "
                "remains. We make numbers less precise. Your answers then also count in group figures. Someone who "
                "knows you well may sometimes still recognise you. You can withdraw at any time."
            ),
            _("Your answers are in no research or group figures that are made from now on."),
        ),
        Asked(
            ConsentKind.CONTACT,
            _("May we ask you to take part in research?"),
            _("For example an interview or a short questionnaire. You can say no every time."),
            _("Researchers don't ask you any more."),
        ),
        Asked(
            ConsentKind.ALIKE,
            _("May we show you to collectives like you?"),
            _(
                "Collectives that are like you then see your name, place and public text, and can write to you. To find "
                "them we use your age, size, legal form, phase, area and challenges. Nobody sees these. They don't see "
                "your e-mail address. You need a public page for it."
            ),
            _("No other collective sees you among those like it any more, from now on."),
        ),
        Asked(
            ConsentKind.TRAITS,
            _("May we say what you have in common with them?"),
            _(
                "For example that you are about the same size, in the same phase, or have the same challenge. We only say "
                "what is the same for both, and only when the other collective agreed to this too."
            ),
            _("We only name what is on both your public pages."),
        ),
    )
}
