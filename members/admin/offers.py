"""Services on offer in the admin: where the team looks first when it needs something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from collectievekracht.common.admin import ReadOnlyAdmin, column, exported
from members.choices import Activity, Region, ReviewState
from members.models import ServiceOffer

CHANGED = column("changed_at", gettext_lazy("Changed"))


class RegionFilter(admin.SimpleListFilter):
    """What is offered in a province; collectives that are there come first."""

    title = gettext_lazy("where")
    parameter_name = "regio"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Region.choices)

    def queryset(self, request: HttpRequest, offers: QuerySet[ServiceOffer]) -> QuerySet[ServiceOffer]:
        region = self.value()
        if not region:
            return offers
        at_home = When(collective__published_profile__region=region, then=Value(0))
        nearness = Case(at_home, default=Value(1), output_field=IntegerField())
        return offers.filter(regions__contains=[region]).order_by(nearness, "collective__sort_name", "pk")


def regions_of(offer: ServiceOffer) -> str:
    """Where it is offered, in words."""
    names = dict(Region.choices)
    return ", ".join(str(names.get(code, code)) for code in offer.regions)


def place_of(offer: ServiceOffer) -> str:
    """Where the collective is, as on its page."""
    profile = offer.collective.published_profile
    return profile.place_name if profile else ""


def offer_rows(offers: QuerySet[ServiceOffer]) -> Iterator[Sequence[Any]]:
    """A heading, and a row for each offer."""
    yield (
        _("What"),
        _("In a few words"),
        _("Collective"),
        _("Place"),
        _("Where"),
        _("For how many people"),
        _("E-mail address"),
        _("What exactly"),
        _("On offer now"),
        _("Changed"),
    )
    for offer in offers:
        yield (
            offer.get_kind_display(),
            offer.title,
            offer.collective.name,
            place_of(offer),
            regions_of(offer),
            offer.capacity,
            offer.email or offer.collective.contact_email,
            offer.details,
            _("yes") if offer.is_open else _("no"),
            f"{offer.changed_at:%Y-%m-%d}",
        )


@admin.register(ServiceOffer)
class ServiceOfferAdmin(ReadOnlyAdmin):
    """What collectives have for hire; they write it themselves."""

    change_list_template = "admin/offers.html"
    list_display = (
        "title", "kind", "collective", "place", "where", "capacity", "contact", "is_open", CHANGED,
    )  # fmt: skip
    list_filter = ("kind", RegionFilter, "is_open")
    search_fields = ("title", "details", "collective__name")
    list_select_related = ("collective__published_profile",)
    list_per_page = 50
    fields = (
        "collective",
        "kind",
        "title",
        "details",
        "where",
        "capacity",
        "contact",
        "is_open",
        "made_at",
        "changed_at",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ServiceOffer]:
        """Of collectives that take part and have not stopped."""
        offers: QuerySet[ServiceOffer] = super().get_queryset(request)
        here = offers.filter(collective__state=ReviewState.APPROVED, collective__closed_at=None)
        return here.exclude(collective__activity=Activity.STOPPED)

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(require_safe(self.export))
        return [path("aanbod.csv", export, name="offers_csv"), *super().get_urls()]

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """The offers that fit the filters, as a file."""
        return exported(self, request, "aanbod.csv", offer_rows, action="offer.exported")

    @admin.display(description=gettext_lazy("place"))
    def place(self, offer: ServiceOffer) -> str:
        return place_of(offer)

    @admin.display(description=gettext_lazy("where"))
    def where(self, offer: ServiceOffer) -> str:
        return regions_of(offer)

    @admin.display(description=gettext_lazy("address to ask"))
    def contact(self, offer: ServiceOffer) -> SafeString | str:
        """Where the team asks for it."""
        address = offer.email or offer.collective.contact_email
        return format_html('<a href="mailto:{}">{}</a>', address, address) if address else "–"
