"""Reports of abuse: somebody says that something is not right, and the team decides and answers."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils.translation import override

from collectievekracht.common import audit
from members import emails
from members.choices import AbuseReason, Decision, ReviewState, WorkKind
from members.models import AbuseReport, Collective, PersonalProfile, User
from members.services.work import close_work, open_work

# Pages of one person only, or with a secret in their address: nobody else sees what stands there.
NOT_PUBLIC = ("/account/", "/afmelden/", "/beheer/", "/mijn/", "/uitnodiging/", "/zelfscan/")


@dataclass(frozen=True)
class Thing:
    """What a report is about: a kind of page, and the row that stands there, where it is one of ours."""

    about: str
    target_id: int = 0
    collective: Collective | None = None


def thing_at(path: str) -> Thing | None:
    """What stands at this path of the site; None for no page, or for one that isn't public.

    It says nothing of whether a row exists: a page of a collective that isn't there is a page all the same.
    """
    bare = path.partition("?")[0].partition("#")[0]
    if bare == "/en" or bare.startswith("/en/"):
        bare = bare[3:] or "/"
    if not bare.startswith("/") or bare.startswith(("//", "/\\", *NOT_PUBLIC)) or "/klopt/" in bare:
        return None
    try:
        with override("nl"):
            match = resolve(bare)
    except Resolver404:
        return None
    about = match.view_name[:40]
    if slug := match.kwargs.get("slug", "") if about.startswith("members:") else "":
        collective = Collective.objects.published().filter(slug=slug).first()
        return Thing("collective", collective.pk if collective else 0, collective)
    if handle := match.kwargs.get("handle", ""):
        person = PersonalProfile.objects.filter(handle=handle).values_list("pk", flat=True).first()
        return Thing("person", person or 0)
    return Thing(about, int(match.kwargs.get("pk") or 0))


@transaction.atomic
def report_abuse(
    thing: Thing,
    *,
    address: str,
    reason: AbuseReason,
    text: str,
    reporter: User | None,
    email: str,
    language: str,
) -> AbuseReport:
    """Write the report down and let it wait for the team."""
    report = AbuseReport.objects.create(
        about=thing.about,
        target_id=thing.target_id,
        address=address,
        reason=reason,
        text=text,
        reporter=reporter,
        email="" if reporter else email.lower(),
        language=language,
    )
    open_work(
        WorkKind.ABUSE,
        report.pk,
        title=f"{report.get_reason_display()} · {thing.collective or address}",
        collective=thing.collective,
    )
    return report


@transaction.atomic
def decide_abuse(report: AbuseReport, by: User, *, acted: bool, answer: str) -> None:
    """Close a report with an answer, which is mailed to whoever left an address.

    `acted`: the team did something about it. Raises `AlreadyDecided` when another admin was first.
    """
    decision = Decision.APPROVED if acted else Decision.REFUSED
    close_work(WorkKind.ABUSE, report.pk, decision, by)
    state = ReviewState.APPROVED if acted else ReviewState.REFUSED
    AbuseReport.objects.filter(pk=report.pk).update(state=state, answer=answer)
    report.refresh_from_db()
    audit.record(by.pk, f"abuse.{decision}", report)
    to = report.reporter.email if report.reporter else report.email
    if to:
        emails.send_abuse_answered(report, to=to)
