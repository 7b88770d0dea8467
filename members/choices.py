"""Codes that the code itself branches on; what an admin may add to is rows, see `Term`."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Country(models.TextChoices):
    """Codes as the instrument has them."""

    NL = "nl", _("The Netherlands")
    FLANDERS = "be_vlg", _("Flanders or Brussels")


class Region(models.TextChoices):
    """ISO 3166-2 codes of the Dutch and Flemish provinces, and Brussels."""

    DRENTHE = "NL-DR", _("Drenthe")
    FLEVOLAND = "NL-FL", _("Flevoland")
    FRYSLAN = "NL-FR", _("Fryslân")
    GELDERLAND = "NL-GE", _("Gelderland")
    GRONINGEN = "NL-GR", _("Groningen")
    LIMBURG_NL = "NL-LI", _("Limburg (Netherlands)")
    NOORD_BRABANT = "NL-NB", _("North Brabant")
    NOORD_HOLLAND = "NL-NH", _("North Holland")
    OVERIJSSEL = "NL-OV", _("Overijssel")
    UTRECHT = "NL-UT", _("Utrecht (province)")
    ZEELAND = "NL-ZE", _("Zeeland")
    ZUID_HOLLAND = "NL-ZH", _("South Holland")
    ANTWERPEN = "BE-VAN", _("Antwerp (province)")
    LIMBURG_BE = "BE-VLI", _("Limburg (Flanders)")
    OOST_VLAANDEREN = "BE-VOV", _("East Flanders")
    VLAAMS_BRABANT = "BE-VBR", _("Flemish Brabant")
    WEST_VLAANDEREN = "BE-VWV", _("West Flanders")
    BRUSSEL = "BE-BRU", _("Brussels")


class ReviewState(models.TextChoices):
    """The one state of everything that an admin approves."""

    PENDING = "pending", _("waiting for a decision")
    RETURNED = "returned", _("sent back")
    REFUSED = "refused", _("refused")
    APPROVED = "approved", _("approved")


class Activity(models.TextChoices):
    """How a collective lives; another thing than its state."""

    ACTIVE = "active", _("active")
    DORMANT = "dormant", _("dormant")
    STOPPED = "stopped", _("stopped")


class Role(models.TextChoices):
    """What a person is in a collective."""

    REPRESENTATIVE = "representative", _("representative")
    COLLEAGUE = "colleague", _("colleague")


class TermKind(models.TextChoices):
    """Kinds of vocabulary that the instrument brings."""

    SECTOR = "sector", _("field")
    THEME = "theme", _("theme")
    LEGAL_FORM = "legal_form", _("legal form")
    PHASE = "phase", _("phase")
    SCALE = "scale", _("area of work")
    TARGET_GROUP = "target_group", _("target group")
    IMPACT = "impact", _("impact")
    OFFER = "offer", _("offer")
    CHALLENGE = "challenge", _("challenge")
    CONDITION = "condition", _("condition")


class LegalFormGroup(models.TextChoices):
    """The groups that Dutch and Flemish legal forms share."""

    COOPERATIVE = "cooperative", _("Cooperative")
    ASSOCIATION = "association", _("Association")
    FOUNDATION = "foundation", _("Foundation")
    COMPANY = "company", _("Company")
    PARTNERSHIP = "partnership", _("Partnership")
    INFORMAL = "informal", _("No legal form")
    COMBINATION = "combination", _("Combination")
    OTHER = "other", _("Other")


class ConsentKind(models.TextChoices):
    """What a collective is asked to agree to, one by one."""

    PROFILE = "profile", _("a public page")
    MAP = "map", _("a pin on the map")
    RESEARCH = "research", _("use of the answers for research")
    CONTACT = "contact", _("being asked to take part in research")
    ALIKE = "alike", _("being shown to collectives like us")
    TRAITS = "traits", _("naming what we share with them")


# What a self-scan asks; the other consents are asked elsewhere, and no scan takes them back.
SCAN_CONSENTS = (ConsentKind.PROFILE, ConsentKind.MAP, ConsentKind.RESEARCH, ConsentKind.CONTACT)


class PinPrecision(models.TextChoices):
    """Where a pin stands."""

    PLACE = "place_level", _("middle of the place")
    EXACT = "exact", _("exact spot")


class WorkKind(models.TextChoices):
    """What may wait in the team's work queue."""

    SCAN = "scan", _("self-scan")
    REVISION = "revision", _("change of a page")
    JOIN_REQUEST = "join_request", _("request for access")
    APPLICATION = "application", _("application for a lab")
    ABUSE = "abuse", _("report of abuse")


class Decision(models.TextChoices):
    """How a piece of work ended."""

    APPROVED = "approved", _("approved")
    RETURNED = "returned", _("sent back")
    REFUSED = "refused", _("refused")
    MERGED = "merged", _("merged")


class Audience(models.TextChoices):
    """Who may read a field of a personal profile."""

    NOBODY = "nobody", _("nobody")
    MEMBERS = "members", _("members of the platform")
    EVERYONE = "everyone", _("everyone")


class Pace(models.TextChoices):
    """When somebody is mailed about a kind of news."""

    AT_ONCE = "at_once", _("at once")
    DAILY = "daily", _("once a day")
    WEEKLY = "weekly", _("once a week")
    NEVER = "never", _("never")


class ExportState(models.TextChoices):
    """How far a copy of somebody's data is."""

    BUSY = "busy", _("in the making")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")
    EXPIRED = "expired", _("expired")


class Direction(models.TextChoices):
    """Which way something went."""

    GAVE = "gave", _("gave")
    GOT = "got", _("got")


class OfferKind(models.TextChoices):
    """What the platform's team may hire."""

    VENUE = "venue", _("venue")
    CATERING = "catering", _("catering")
    GIFTS = "gifts", _("gift packages")
    WORKSHOP = "workshop", _("workshop or excursion")
    STAY = "stay", _("place to stay")
    PRINT = "print", _("design or print")
    OTHER = "other", _("something else")


class AbuseReason(models.TextChoices):
    """Why something is reported."""

    WRONG = "wrong", _("It is not true")
    SALES = "sales", _("It is advertising")
    HURTFUL = "hurtful", _("It hurts or insults people")
    PRIVATE = "private", _("It shows something private")
    OTHER = "other", pgettext_lazy("reason of a report", "Something else")


class ImportState(models.TextChoices):
    """How far an import is."""

    CHECKED = "checked", _("checked, not brought in")
    APPLIED = "applied", _("brought in")
    UNDONE = "undone", _("undone")


class ImportOutcome(models.TextChoices):
    """What becomes of one row."""

    MADE = "made", pgettext_lazy("row of an import", "made")
    UPDATED = "updated", pgettext_lazy("row of an import", "updated")
    UNCHANGED = "unchanged", pgettext_lazy("row of an import", "unchanged")
    REFUSED = "refused", pgettext_lazy("row of an import", "refused")
    REMOVED = "removed", pgettext_lazy("row of an import", "removed again")
    RESTORED = "restored", pgettext_lazy("row of an import", "put back")
    LEFT = "left", pgettext_lazy("row of an import", "left as it is")


class Age(models.TextChoices):
    """When collectives started, in the bands that research uses too."""

    BEFORE_2005 = "before_2005", _("before 2005")
    Y2005_2009 = "y2005_2009", _("2005 to 2009")
    Y2010_2014 = "y2010_2014", _("2010 to 2014")
    Y2015_2019 = "y2015_2019", _("2015 to 2019")
    Y2020_LATER = "y2020_later", _("2020 or later")


AGE_YEARS: dict[str, tuple[int, int]] = {
    Age.BEFORE_2005: (0, 2004),
    Age.Y2005_2009: (2005, 2009),
    Age.Y2010_2014: (2010, 2014),
    Age.Y2015_2019: (2015, 2019),
    Age.Y2020_LATER: (2020, 9999),
}
