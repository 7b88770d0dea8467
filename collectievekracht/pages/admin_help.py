"""One line for every list and form of the admin: what it is, and what changing it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class About:
    """What a list holds, and what a change in one of its forms does; `to_look_up`: nothing is changed here."""

    rows: Any
    form: Any = ""

    @property
    def to_look_up(self) -> bool:
        """Whether there is nothing to change."""
        return not self.form


ABOUT: dict[str, About] = {
    "members.collective": About(
        _(
            "Every collective that ever sent a self-scan. Its state changes by your decision in the work queue only."
        ),
        _(
            "You change how it lives and its contact address; both count at once. The text of its page is a profile."
        ),
    ),
    "members.collectiveprofile": About(
        _(
            "The texts of pages, with every earlier revision. A revision that waits is decided in the work queue."
        ),
        _(
            "A text that is public changes on the page as soon as you save. Correct slips of the pen and nothing more: "
            "the words are the collective's own. Nobody gets a mail."
        ),
    ),
    "members.mappin": About(
        _(
            "Where collectives stand on the map. A pin comes with consent to it, and goes when that is withdrawn."
        ),
        _("The pin moves on the map as soon as you save. Move it when the collective asks for it."),
    ),
    "members.consent": About(
        _(
            "What collectives agreed to, with the words of that moment. You give no consent here. When a collective "
            "takes one back, mark it and choose “Withdraw”: the page or pin is gone at once."
        ),
    ),
    "members.joinrequest": About(
        _("People who ask for access to a collective that is here already. You decide on the review page."),
    ),
    "members.serviceoffer": About(
        _(
            "What collectives have for hire: venues, catering and more. They write it themselves; ask them first."
        ),
    ),
    "members.abusereport": About(
        _("What people reported as not right, and what we answered. You decide on the review page."),
    ),
    "members.importbatch": About(
        _(
            "Files with collectives that took part before. Choose “Add” to bring one: you first see what would become of "
            "every row. An import can be undone."
        ),
    ),
    "members.workitem": About(
        _("All work, also what was decided: who decided what, and when. What waits is on the front page."),
    ),
    "members.term": About(
        _("The words of the questionnaire: fields, legal forms, themes. Pages and filters show them."),
        _(
            "New words show on every page and in every filter within a minute. Never give a word another meaning: "
            "earlier answers hang on it."
        ),
    ),
    "members.user": About(
        _(
            "People with an account. Did somebody lose the second step? Be sure that it is that person, mark the "
            "account and choose “Remove the second step”."
        ),
        _(
            "“Platform admin” opens this admin, with all that collectives told in confidence. Somebody who leaves the "
            "team: take it away the same day."
        ),
    ),
    "selfscan.response": About(
        _(
            "Self-scans, also those that are being filled in. Opening one shows its answers: that is written down."
        ),
    ),
    "selfscan.report": About(
        _("The reports that were built. One that failed is tried again on the page of its self-scan."),
    ),
    "selfscan.instrument": About(
        _("The questionnaires. One never changes once it was used; a developer loads a new version."),
    ),
    "selfscan.benchmarksnapshot": About(
        _("The numbers to compare with, frozen once in a quarter. Every report reads them from here."),
    ),
    "labs.lab": About(
        _("The partner labs, as visitors and reports name them."),
        _(
            "New words show on the site and in new reports. The countries decide to whom a report suggests the lab."
        ),
    ),
    "labs.labmembership": About(
        _(
            "Applications for the labs, and the members: who was let in, by whom, and who has to confirm it. You decide "
            "on the page behind “Review”; members change what they know themselves."
        ),
    ),
    "newsletter.subscriber": About(
        _("Who gets the newsletter. People subscribe and leave by themselves: you add nobody."),
    ),
    "common.promise": About(
        _(
            "What the system still has to do, and what went wrong. Mark what failed and choose “Try again”. Does it "
            "fail once more? Tell the developer, with the text of the error."
        ),
    ),
    "common.sentmail": About(
        _("Which mail went to whom, and what the mail server answered. What was in it is not kept here."),
    ),
    "common.auditevent": About(
        format_lazy(
            "{} {}",
            _(
                "Who did what, and who looked at what is somebody's own; you too. Nobody can change or remove it."
            ),
            _("Search by a name or address of who did it, the number of the thing, or a code."),
        ),
    ),
    "pages.page": About(
        _("The pages of text on the site, in Dutch and English."),
        _(
            "Look at the preview first. Once you save, everybody sees the new text; the earlier one is under “History”."
        ),
    ),
    "pages.faqentry": About(
        _("The questions and answers on the site, in the order in which they stand there."),
        _("Once you save, everybody sees the new text. Hide a question rather than remove it."),
    ),
    "pages.campaign": About(
        _("Flyers, posters and stands with a QR code. You see how often each was opened, never by whom."),
        _(
            "The address is printed, so it never changes. An ended campaign still leads people on; it isn't counted."
        ),
    ),
    "pages.invitation": About(
        _("How many invitations collectives and lab members sent. To whom is not kept."),
    ),
}


def about(label: str) -> About | None:
    """What the admin says about this model; None for one that has no line here."""
    return ABOUT.get(label)
