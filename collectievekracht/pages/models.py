"""What the team writes and hands out: editable pages, questions with answers, campaigns, and invitations."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from collectievekracht.common.rich_text import SafeHtmlField
from collectievekracht.pages import choices, querysets


class Page(models.Model):
    """A page of text, in both languages. The fixed ones stand at their own address, every other one under `/over/`."""

    code = models.SlugField(
        _("code"), max_length=40, unique=True, help_text=_("The last part of the address; it stays as it is.")
    )
    title_nl = models.CharField(_("Dutch title"), max_length=120)
    title_en = models.CharField(_("English title"), max_length=120)
    summary_nl = models.CharField(_("Dutch summary"), max_length=300, blank=True)
    summary_en = models.CharField(_("English summary"), max_length=300, blank=True)
    body_nl = SafeHtmlField(_("Dutch text"))
    body_en = SafeHtmlField(_("English text"))
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    history = HistoricalRecords()

    objects = querysets.PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its own address, or the one under `/over/`."""
        if self.code in choices.FIXED_PAGES:
            return reverse(f"pages:{choices.FIXED_PAGES[self.code]}")
        return reverse("pages:more", args=[self.code])

    @property
    def title(self) -> str:
        """The title in the current language."""
        return self.title_en if get_language() == "en" else self.title_nl

    @property
    def summary(self) -> str:
        """The summary in the current language."""
        return self.summary_en if get_language() == "en" else self.summary_nl

    @property
    def body(self) -> str:
        """The text in the current language, as clean HTML."""
        return self.body_en if get_language() == "en" else self.body_nl


class FaqEntry(models.Model):
    """A question that people ask, with its answer."""

    code = models.SlugField(
        _("code"), max_length=60, unique=True, help_text=_("Links to this question end with it: #code.")
    )
    group = models.CharField(_("part"), max_length=20, choices=choices.FaqGroup.choices)
    question_nl = models.CharField(_("Dutch question"), max_length=200)
    question_en = models.CharField(_("English question"), max_length=200)
    answer_nl = SafeHtmlField(_("Dutch answer"))
    answer_en = SafeHtmlField(_("English answer"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_shown = models.BooleanField(_("shown on the site"), default=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    history = HistoricalRecords()

    objects = querysets.FaqEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("frequently asked question")
        verbose_name_plural = _("frequently asked questions")
        ordering = ("position", "code")

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        """Its place on the page of questions."""
        return f"{reverse('pages:faq')}#{self.code}"

    @property
    def question(self) -> str:
        """The question in the current language."""
        return self.question_en if get_language() == "en" else self.question_nl

    @property
    def answer(self) -> str:
        """The answer in the current language, as clean HTML."""
        return self.answer_en if get_language() == "en" else self.answer_nl


class Campaign(models.Model):
    """A flyer, a poster, a stand: something with a QR code whose arrivals are counted, without following anyone."""

    code = models.SlugField(
        _("code"),
        max_length=20,
        unique=True,
        help_text=_("The end of the short address: /aanmelden/code/. It stays as it is: it is printed."),
    )
    name = models.CharField(_("name"), max_length=120)
    note = models.CharField(_("note for the team"), max_length=300, blank=True)
    target = models.CharField(
        _("leads to"),
        max_length=20,
        choices=choices.CampaignTarget.choices,
        default=choices.CampaignTarget.CHOICE,
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = querysets.CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ("-created_at", "code")

    def __str__(self) -> str:
        return self.name


class CampaignDay(models.Model):
    """How often a campaign's address was opened on a day; nothing about who did."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="days")
    day = models.DateField(_("day"))
    arrivals = models.PositiveIntegerField(_("arrivals"), default=0)

    class Meta:
        verbose_name = _("arrivals on a day")
        verbose_name_plural = _("arrivals by day")
        ordering = ("campaign", "day")
        constraints = [models.UniqueConstraint(fields=["campaign", "day"], name="campaign_day_once")]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.day}: {self.arrivals}"


class Invitation(models.Model):
    """Somebody told another collective or expert of the platform. The address itself is not kept, only its keyed hash."""

    inviter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="invitations",
        verbose_name=_("invited by"),
    )
    collective = models.ForeignKey(
        "members.Collective",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("on behalf of"),
    )
    address_hash = models.CharField(_("keyed hash of the address"), max_length=64)
    kind = models.CharField(_("invited as"), max_length=20, choices=choices.InvitationKind.choices)
    token = models.CharField(_("token"), max_length=43, unique=True)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)

    objects = querysets.InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("-sent_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["inviter", "address_hash"],
                condition=Q(inviter__isnull=False),
                name="invited_once_by_each",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.sent_at:%Y-%m-%d}"


class PutAway(models.Model):
    """A first step on the dashboard that its person needs no more; nothing else is kept about it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="steps_put_away"
    )
    key = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="put_away_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.key}"
