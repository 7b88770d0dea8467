"""The platform's own words and what they mean: written once, shown beside the word and on the page of words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands on a page, and its meaning in one or two plain sentences."""

    code: str
    word: Any
    meaning: Any


_WORDS = (
    Word(
        "collective",
        _("citizen collective"),
        _(
            "A group of citizens who put something in together, such as money, time, land or knowledge, for a common "
            "goal. They decide about it together, and they do it for the long term."
        ),
    ),
    Word(
        "self-scan",
        _("self-scan"),
        _(
            "The questionnaire about your collective. It takes 10 to 15 minutes, and you get a report at once."
        ),
    ),
    Word(
        "condition",
        _("condition"),
        _(
            "One of the five things that help a collective to last: leadership that you share, an involved community, "
            "a strong business model, a shared entrepreneurial culture and a good network. One alone is never enough: "
            "it is always a combination."
        ),
    ),
    Word(
        "indicator",
        _("indicator"),
        _("A number from 0 to 100 that sums up your answers to several statements about one subject."),
    ),
    Word(
        "comparison",
        _("comparison"),
        _(
            "Your numbers beside those of a group of at least ten collectives like yours. You never see the numbers of "
            "one other collective, and nobody sees yours."
        ),
    ),
    Word(
        "challenge",
        _("challenge"),
        _(
            "Something that makes the work of collectives hard, such as finding members or rules that get in the way."
        ),
    ),
    Word(
        "public",
        _("public"),
        _(
            "Everybody can see it, also without an account, and search engines can find it. A page is public only when "
            "the collective agreed to it and the team has looked at it."
        ),
    ),
    Word(
        "pin",
        pgettext_lazy("on the map", "pin"),
        _(
            "Your mark on the map. It stands in the middle of your village, town or neighbourhood; on the exact spot "
            "only when you chose that yourself."
        ),
    ),
    Word(
        "consent",
        _("consent"),
        _(
            "Your yes to one thing, such as a public page, a pin, or use for research. Each is asked apart. A "
            "representative can take it back at any time, with one button. What you can do here stays the same."
        ),
    ),
    Word(
        "pseudonymised",
        _("pseudonymised"),
        _(
            "Names and addresses are taken out, and what could point to you is made less precise. Researchers can't "
            "see whose answers they read."
        ),
    ),
    Word(
        "representative",
        _("representative"),
        _(
            "Whoever may speak for the collective here: this person opens the scans and reports, and decides who "
            "belongs to it. The first one is whoever proves the e-mail address that the collective gave. There can "
            "be more."
        ),
    ),
    Word(
        "colleague",
        _("colleague"),
        _(
            "Somebody else of the same collective. A colleague uses the platform too, without the scans and reports."
        ),
    ),
    Word(
        "due",
        _("two working days"),
        _(
            "The team looks at what you sent within two working days. Weekends, holidays and days on which the team is "
            "closed don't count."
        ),
    ),
    Word(
        "reciprocity",
        _("reciprocity"),
        _(
            "You bring something, such as your answers, your knowledge or your network, and you get knowledge back. "
            "Nobody pays."
        ),
    ),
    Word(
        "lab",
        _("partner lab"),
        _(
            "A group of people who help collectives from their own work: researchers, financiers, civil servants, "
            "network organisations or supporters."
        ),
    ),
)
WORDS = {word.code: word for word in _WORDS}
