"""A campaign's sheets for print, drawn by the worker, and its end."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from collectievekracht.common import audit, outbox, storage
from collectievekracht.pages import campaigns
from collectievekracht.pages.models import Campaign
from selfscan.report.pdf import STATIC, write_pdf

if TYPE_CHECKING:
    from members.models import User

TASK = "pages.draw_campaign"
STYLESHEET = STATIC / "css" / "campaign-print.css"


def flyer_of(campaign: Campaign, language: str) -> campaigns.Flyer:
    """What is printed for this campaign in this language."""
    return campaigns.Flyer(settings.SITE_URL, campaign.code, campaign.target, language)


def sheet_file(campaign: Campaign, sheet: str, language: str) -> str:
    """The name of a sheet in the private store; another one whenever the sheet would look different."""
    return f"campaigns/{campaign.pk}-{sheet}-{language}-{flyer_of(campaign, language).version}.pdf"


def _version(campaign: Campaign) -> str:
    return flyer_of(campaign, campaigns.LANGUAGES[0]).version


def promise_sheets(campaign: Campaign) -> None:
    """Promise that the sheets are drawn as they look now; again, if they were drawn once and are gone."""
    outbox.promise(TASK, campaign.pk, version=_version(campaign))
    outbox.renew(TASK, campaign.pk, version=_version(campaign))


def sheets_state(campaign: Campaign) -> str:
    """ "ready", "busy", or "missing": never asked for as they look now, failed, or gone."""
    names = [sheet_file(campaign, s, lang) for s in campaigns.SHEETS for lang in campaigns.LANGUAGES]
    if all(map(storage.exists, names)):
        return "ready"
    return "busy" if outbox.state_of(TASK, campaign.pk, _version(campaign)) == "open" else "missing"


def draw_sheets(pk: int, version: str) -> None:
    """Draw every sheet in every language; nothing for a campaign that is gone or looks different by now."""
    campaign = Campaign.objects.filter(pk=pk).first()
    if campaign is None or _version(campaign) != version:
        return
    for language in campaigns.LANGUAGES:
        flyer = flyer_of(campaign, language)
        code = {campaigns.QR_ADDRESS: campaigns.svg(flyer.address)}
        for sheet in campaigns.SHEETS:
            pdf = write_pdf(campaigns.sheet_html(flyer, sheet), stylesheet=STYLESHEET, pictures=code)
            storage.write_atomically(sheet_file(campaign, sheet, language), pdf)


@transaction.atomic
def end_campaign(campaign: Campaign, person: User, now: datetime) -> bool:
    """From now on its address leads on and counts no more; False if it had ended already."""
    ended = Campaign.objects.filter(pk=campaign.pk, ended_at=None).update(ended_at=now)
    if ended:
        audit.record(person.pk, "campaign.ended", campaign)
    return bool(ended)


@transaction.atomic
def reopen_campaign(campaign: Campaign, person: User) -> bool:
    """Its address counts again; False if it did already."""
    opened = Campaign.objects.filter(pk=campaign.pk).exclude(ended_at=None).update(ended_at=None)
    if opened:
        audit.record(person.pk, "campaign.reopened", campaign)
    return bool(opened)
