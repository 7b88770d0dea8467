"""Every address of the platform, with arguments of our own for each pattern that asks for some."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver
from django.utils import timezone

from collectievekracht.common import suppressions
from collectievekracht.pages.mail_kinds import INVITATION
from labs.services.confirmations import token_of
from members.emails.links import invitation_token
from members.emails.my_data import confirm_token, take_back_token
from members.models import Collective, Notification
from members.services import still_right
from tests.security.world import World, content_type_of, factor_of

# The one form that a mail program sends without our page: the signature in its address is the secret.
ONE_CLICK = "afmelden/<str:token>/"
ADMIN_ROW = re.compile(r"beheer/(?P<app>\w+)/(?P<model>\w+)/<(?:path:object_id|id)>/")


@dataclass(frozen=True)
class Address:
    """A pattern, and a path that it takes."""

    route: str
    path: str

    @property
    def is_admin(self) -> bool:
        return self.path.startswith("/beheer/")


def arguments(world: World) -> dict[str, dict[str, object]]:
    """The arguments of every pattern that has any. A new pattern gets its line here."""
    draft, sent = {"token": world.draft.token}, {"token": world.sent.token}
    slug = {"slug": world.published.slug}
    scan, key = "zelfscan/<token:token>/", "account/2fa/webauthn/keys/<int:pk>/"
    campaign, of_campaign = "beheer/pages/campaign/<int:pk>/", {"pk": world.campaign.pk}
    batch, of_batch = "beheer/members/importbatch/<int:pk>/", {"pk": world.batch.pk}
    return {
        scan: draft,
        f"{scan}bewaard/": draft,
        f"{scan}bestaat-al/": draft,
        f"{scan}controle/": draft,
        f"{scan}<slug:section>/": draft | {"section": "about"},
        f"{scan}<slug:section>/<int:page>/": draft | {"section": "about", "page": 2},
        f"{scan}klaar/": sent,
        f"{scan}klaar/stappen/": sent,
        f"{scan}rapport.pdf": sent,
        "nieuwsbrief/bevestigen/<str:token>/": {"token": world.subscriber.token},
        "collectieven/<slug:slug>/": slug,
        "collectieven/<slug:slug>/contact/": slug,
        "collectieven/<slug:slug>/toegang/": slug,
        **of_collective(world),
        **of_people(world),
        **of_repeating(world),
        "uitnodiging/<str:token>/": {"token": world.invitation.token},
        ONE_CLICK: {"token": suppressions.turn_off_token(INVITATION, "gast@wereld.example")},
        "aanmelden/<str:code>/": {"code": world.campaign.code},
        "labs/<slug:code>/": {"code": "science"},
        **of_labs(world),
        "over/<slug:code>/": {"code": world.text.code},
        **of_texts(world),
        "sitemap-<slug:code>.xml": {"code": "collectives"},
        "mijn/stappen/<slug:key>/weg/": {"key": "report-1"},
        "mijn/meldingen/<int:pk>/": {"pk": Notification.objects.get(key="world").pk},
        "mijn/wederkerigheid/<int:year>.pdf": {"year": timezone.localdate().year},
        "mijn/wederkerigheid/<slug:slug>/<int:year>.pdf": slug | {"year": timezone.localdate().year},
        **of_my_data(world),
        "account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": {
            "uidb36": "1",
            "key": "set-password",
        },
        "account/oidc/<str:provider_id>/login/": {"provider_id": "surfconext"},
        "account/oidc/<str:provider_id>/login/callback/": {"provider_id": "surfconext"},
        f"{key}remove/": {"pk": factor_of(world.admin)},
        f"{key}edit/": {"pk": factor_of(world.admin)},
        "beheer/werk/<int:pk>/nemen/": {"pk": world.work.pk},
        f"{campaign}overzicht/": of_campaign,
        f"{campaign}code-<slug:language>.svg": of_campaign | {"language": "nl"},
        f"{campaign}code-<slug:language>.png": of_campaign | {"language": "en"},
        f"{campaign}<slug:sheet>-<slug:language>.pdf": of_campaign | {"sheet": "poster", "language": "nl"},
        f"{campaign}aankomsten.csv": of_campaign,
        f"{campaign}vellen/": of_campaign,
        f"{campaign}einde/": of_campaign,
        f"{batch}overzicht/": of_batch,
        f"{batch}verslag.csv": of_batch,
        f"{batch}inbrengen/": of_batch,
        f"{batch}weggooien/": of_batch,
        f"{batch}ongedaan/": of_batch,
        "beheer/r/<path:content_type_id>/<path:object_id>/": {
            "content_type_id": content_type_of(Collective),
            "object_id": world.published.pk,
        },
        "beheer/selfscan/response/<int:pk>/beoordelen/": {"pk": world.sent.pk},
        "beheer/selfscan/response/<int:pk>/opnieuw/": {"pk": world.sent.pk},
        "beheer/members/collectiveprofile/<int:pk>/beoordelen/": {"pk": world.revision.pk},
        "beheer/members/joinrequest/<int:pk>/beoordelen/": {"pk": world.join.pk},
        "beheer/^(?P<app_label>apps)/$": {"app_label": "members"},
        "beheer/(?P<url>.*)$": {"url": "bestaat-niet"},
    }


def of_labs(world: World) -> dict[str, dict[str, object]]:
    """The addresses of applicants and lab members."""
    member = world.lab_member
    mine = {"code": member.lab.code}
    return {
        "labs/bevestigen/<str:token>/": {"token": token_of(member)},
        "labs/<slug:code>/aanmelden/": {"code": "science"},
        "labs/<slug:code>/leden/<str:handle>/schrijven/": mine | {"handle": member.user.profile.handle},
        "mijn/labs/<slug:code>/": mine,
        "mijn/labs/<slug:code>/bevestigen/": mine,
        "mijn/labs/<slug:code>/einde/": mine,
        "beheer/labs/labmembership/<int:pk>/beoordelen/": {"pk": world.application.pk},
    }


def of_collective(world: World) -> dict[str, dict[str, object]]:
    """What representatives do for their own collective, and its yearly question."""
    own, slug = "mijn/collectief/<slug:slug>/", {"slug": world.published.slug}
    parts = (
        "",
        "pagina/",
        "pagina/terug/",
        "kaart/",
        "toestemming/",
        "activiteit/",
        "klopt/",
        "aanbod/",
        "aanbod/nieuw/",
    )
    offer = slug | {"pk": world.offer.pk}
    return {f"{own}{part}": slug for part in parts} | {
        f"{own}aanbod/<int:pk>/": offer,
        f"{own}aanbod/<int:pk>/sluiten/": offer,
        "collectieven/<slug:slug>/klopt/<str:token>/": slug
        | {"token": still_right.make_token(world.published, "20250101000000-1")},
        "beheer/members/abusereport/<int:pk>/beoordelen/": {"pk": world.report.pk},
    }


def of_repeating(world: World) -> dict[str, dict[str, object]]:
    """A scan once more, what came of it, and the collectives that are alike."""
    own, slug = "mijn/collectief/<slug:slug>/", {"slug": world.published.slug}
    return {
        "zelfscan/opnieuw/<slug:slug>/": slug,
        f"{own}ontwikkeling/": slug,
        f"{own}zoals-wij/": slug,
        f"{own}zoals-wij/<slug:other>/": slug | {"other": world.peer.slug},
    }


def of_people(world: World) -> dict[str, dict[str, object]]:
    """The people of a collective, and a person's own page."""
    people, slug = "mijn/collectief/<slug:slug>/mensen/", {"slug": world.published.slug}
    handle = {"handle": world.lab_member.user.profile.handle}
    return {
        people: slug,
        f"{people}<int:pk>/": slug | {"pk": world.colleague.pk},
        f"{people}verzoek/<int:pk>/": slug | {"pk": world.join.pk},
        f"{people}uitnodigen/": slug,
        f"{people}vertrekken/": slug,
        "mijn/collectief/<slug:slug>/stoppen/": slug,
        "uitnodiging/collectief/<str:token>/": {"token": invitation_token(world.invited.pk)},
        "mensen/<slug:handle>/": handle,
        "mensen/<slug:handle>/foto/": handle,
    }


def of_my_data(world: World) -> dict[str, dict[str, object]]:
    """A copy of one's data, a consent to take back, and being erased."""
    consent = world.published.consents.in_force().order_by("pk")[0]
    start = "mijn/gegevens/"
    return {
        f"{start}kopie/<str:token>/": {"token": world.copy.token},
        f"{start}toestemming/<slug:source>/<slug:key>/": {"source": "collectives", "key": str(consent.pk)},
        f"{start}verwijderen/bevestigen/<str:token>/": {"token": confirm_token(world.representative.pk)},
        f"{start}verwijderen/terug/<str:token>/": {"token": take_back_token(world.erasure.pk)},
    }


def of_texts(world: World) -> dict[str, dict[str, object]]:
    """The admin's own addresses of pages and questions."""
    found: dict[str, dict[str, object]] = {}
    for name, row in (("page", world.text), ("faqentry", world.question)):
        start, language = f"beheer/pages/{name}/", {"language": "nl"}
        version = row.history.latest().pk
        found[f"{start}voorbeeld/<str:language>/"] = language
        found[f"{start}<int:pk>/voorbeeld/<str:language>/"] = language | {"pk": row.pk}
        found[f"{start}<int:object_id>/history/<int:version_id>/"] = {
            "object_id": row.pk,
            "version_id": version,
        }
    return found


def patterns(found: list[URLPattern | URLResolver] | None = None, start: str = "") -> Iterator[str]:
    """Every pattern of the resolver, as its whole route."""
    for pattern in get_resolver().url_patterns if found is None else found:
        route = start + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern.url_patterns, route)
        else:
            yield re.sub(
                r"\(\?P<app_label>[^)]*\)", "(?P<app_label>apps)", route
            )  # named in no order of ours


def filled_in(route: str, given: dict[str, object]) -> str:
    """The path of a route with these arguments."""
    path = re.sub(
        r"<(?:\w+:)?(\w+)>", lambda part: str(given[part[1]]), re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", route)
    )
    return "/" + path.replace("^", "").replace("$", "")


def addresses(world: World) -> list[Address]:
    """Every pattern with a path that it takes; one that asks for arguments and has no line above fails."""
    known, found = arguments(world), []
    for route in patterns():
        row = ADMIN_ROW.match(route)
        if row and route not in known:
            number = world.row_of(f"{row['app']}.{row['model']}")
            given: dict[str, object] = {"object_id": number, "id": number}
        elif "<" in route:
            assert route in known, f"tests/security/addresses.py has no arguments for {route}"
            given = known.pop(route)
        else:
            given = {}
        found.append(Address(route, filled_in(route, given)))
    assert not known, f"These patterns are gone: {sorted(known)}"
    return found
