"""The authorisation matrix: who gets which answer at every address of the platform.

Each address has a line: the audience that it is for, and what that audience gets for GET (and HEAD) and for POST with
an empty form. Who is not of the audience gets what the audience says: signed out the way to sign-in or nothing, signed
in nothing. "Not this way" says of an address that it takes no such request, and nothing about the thing: `NOT_SO`
before the door, to everybody; `CLOSED` behind it; `CLOSED_TO_ALL` to everybody who is signed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.security.roles import LABS, ROLES, WITHOUT_FACTOR
from tests.security.standing import CONFIRM, NONE, NOT_SO, ON, PAGE, SECOND_STEP, SIGN_IN

CLOSED = "not so, behind the door"
CLOSED_TO_ALL = "not so, to who is signed in"
FORBIDDEN = "403"
SIGNED_OUT = frozenset({"anonymous", "unverified", "suspended"})
EVERYBODY = frozenset({*ROLES, WITHOUT_FACTOR})
SIGNED = EVERYBODY - SIGNED_OUT
IN_A_LAB = frozenset({*LABS, "researcher"})
IN_A_COLLECTIVE = frozenset({"colleague", "representative", "other representative"})
WITH_FACTOR = frozenset({"researcher", "expired researcher", "admin", WITHOUT_FACTOR})


Others = Mapping[str, str | tuple[str, str]]


@dataclass(frozen=True)
class Audience:
    """Who an address is for, and what the others get: signed out, and signed in."""

    name: str
    roles: frozenset[str]
    signed_out: str = SIGN_IN
    others: str = NONE

    def reads(self, *, but: Others | None = None) -> Line:
        """A page to look at."""
        return Line(self, PAGE, NOT_SO, but or {})

    def sends(self, post: str = PAGE, *, get: str = PAGE, but: Others | None = None) -> Line:
        """A page with a form; `post` is the answer to an empty one."""
        return Line(self, get, post, but or {})

    def acts(self, post: str = ON, *, get: str = CLOSED, but: Others | None = None) -> Line:
        """A button elsewhere leads here; there is no page."""
        return Line(self, get, post, but or {})

    def moves(self) -> Line:
        """Leads on, whichever way one comes."""
        return Line(self, ON, ON)


@dataclass(frozen=True)
class Line:
    """What the audience of an address gets. `but` holds roles that get another answer: one, or one for GET and POST."""

    audience: Audience
    get: str
    post: str
    but: Others = field(default_factory=dict)

    def answer(self, role: str, method: str) -> str:
        """The answer that this role must get."""
        given = self.post if method == "POST" else self.get
        if given == NOT_SO or (given == CLOSED_TO_ALL and role not in SIGNED_OUT):
            return NOT_SO
        if role in self.but:
            other = self.but[role]
            return other if isinstance(other, str) else other[method == "POST"]
        if role in self.audience.roles:
            return NOT_SO if given == CLOSED else given
        if role in SIGNED_OUT:
            return self.audience.signed_out
        return SECOND_STEP if self.audience is ADMIN and role == WITHOUT_FACTOR else self.audience.others


def each(roles: frozenset[str] | set[str], answer: str | tuple[str, str]) -> Others:
    """These roles get this answer instead."""
    return dict.fromkeys(roles, answer)


PUBLIC = Audience("everybody", EVERYBODY)
HOLDER_OF_LINK = Audience("who holds the link", EVERYBODY)
VISITORS = Audience("who is signed out", SIGNED_OUT, others=ON)
SIGNED_IN = Audience("who is signed in", SIGNED)
MEMBERS = Audience("members", IN_A_COLLECTIVE | IN_A_LAB | {"admin"})
OWN_COLLECTIVE = Audience("people of this collective", frozenset({"colleague", "representative"}))
REPRESENTATIVE = Audience("this collective's representatives", frozenset({"representative"}))
OWN_PEOPLE_OR_ADMIN = Audience("people of this collective, and admins", OWN_COLLECTIVE.roles | {"admin"})
REPRESENTATIVE_OR_ADMIN = Audience("its representatives, and admins", REPRESENTATIVE.roles | {"admin"})
LAB_MEMBER = Audience("this lab's members", frozenset({"representative", "supporters"}))
OWNER = Audience("whose it is", frozenset({"representative"}))
ADMIN = Audience("admins", frozenset({"admin"}))
ADMIN_IN_PUBLIC = Audience("admins", frozenset({"admin"}), signed_out=NONE)

NOT_SET_UP = PUBLIC.sends(NONE, get=NONE)  # without the settings of a provider there is none

SITE: dict[str, Line] = {
    "healthz": PUBLIC.reads(),
    "readyz": PUBLIC.reads(),
    "": PUBLIC.reads(),
    "robots.txt": PUBLIC.reads(),
    "sitemap.xml": PUBLIC.reads(),
    "sitemap-<slug:code>.xml": PUBLIC.reads(),
    "over/": PUBLIC.reads(),
    "over/<slug:code>/": PUBLIC.reads(),
    "veelgestelde-vragen/": PUBLIC.reads(),
    "contact/": PUBLIC.sends(),
    "privacy/": PUBLIC.reads(),
    "cookies/": PUBLIC.reads(),
    "gebruiksvoorwaarden/": PUBLIC.reads(),
    "toegankelijkheid/": PUBLIC.reads(),
    "woordenlijst/": PUBLIC.reads(),
    "aanmelden/": PUBLIC.reads(),
    "aanmelden/<str:code>/": PUBLIC.sends(NOT_SO, get=ON),
    "stijlgids/": ADMIN_IN_PUBLIC.reads(),
    # The self-scan, and what a link in a mail opens.
    "zelfscan/": PUBLIC.sends(ON),
    "zelfscan/vragenlijst.pdf": PUBLIC.reads(),
    "zelfscan/hervatten/": PUBLIC.sends(),
    "zelfscan/bestaat-al/": PUBLIC.reads(),
    "zelfscan/plaatsen/": PUBLIC.reads(),
    "zelfscan/<token:token>/": HOLDER_OF_LINK.reads(),
    "zelfscan/<token:token>/bewaard/": HOLDER_OF_LINK.sends(),
    "zelfscan/<token:token>/bestaat-al/": HOLDER_OF_LINK.sends(NOT_SO, get=ON),
    "zelfscan/<token:token>/controle/": HOLDER_OF_LINK.sends(ON),
    "zelfscan/<token:token>/klaar/": HOLDER_OF_LINK.reads(),
    "zelfscan/<token:token>/klaar/stappen/": HOLDER_OF_LINK.reads(),
    "zelfscan/<token:token>/rapport.pdf": HOLDER_OF_LINK.reads(),
    "zelfscan/<token:token>/<slug:section>/": HOLDER_OF_LINK.sends("409"),
    "zelfscan/<token:token>/<slug:section>/<int:page>/": HOLDER_OF_LINK.sends("409"),
    "uitnodiging/<str:token>/": HOLDER_OF_LINK.reads(),
    "afmelden/<str:token>/": HOLDER_OF_LINK.sends(),
    "nieuwsbrief/": PUBLIC.sends(),
    "nieuwsbrief/bevestigen/<str:token>/": HOLDER_OF_LINK.sends(ON),
    # Collectives and labs.
    "collectieven/": PUBLIC.reads(),
    "collectieven/collectieven.csv": PUBLIC.reads(),
    "collectieven/feed/": PUBLIC.reads(),
    "collectieven/<slug:slug>/": PUBLIC.reads(),
    "collectieven/<slug:slug>/contact/": PUBLIC.sends(),
    "collectieven/<slug:slug>/toegang/": PUBLIC.sends(),
    "collectieven/<slug:slug>/klopt/<str:token>/": HOLDER_OF_LINK.sends(),
    "melden/": PUBLIC.sends(),
    "kaart/": PUBLIC.reads(),
    "kaart/pins.geojson": PUBLIC.reads(),
    "kaart/embed/": PUBLIC.reads(),
    "labs/": PUBLIC.reads(),
    "labs/<slug:code>/": PUBLIC.reads(),
    "labs/<slug:code>/aanmelden/": SIGNED_IN.sends(but=each({"science", "researcher"}, ON)),
    "labs/<slug:code>/leden/<str:handle>/schrijven/": MEMBERS.sends(),
    "labs/bevestigen/<str:token>/": HOLDER_OF_LINK.sends(ON),
    "mijn/labs/<slug:code>/": LAB_MEMBER.sends(),
    "mijn/labs/<slug:code>/bevestigen/": LAB_MEMBER.acts(get=NOT_SO),
    "mijn/labs/<slug:code>/einde/": LAB_MEMBER.sends(ON),
    # Of one's collective: its people look, its representatives act.
    "mijn/collectief/<slug:slug>/": OWN_COLLECTIVE.sends(CLOSED_TO_ALL),
    "mijn/collectief/<slug:slug>/ontwikkeling/": OWN_PEOPLE_OR_ADMIN.reads(),
    "mijn/collectief/<slug:slug>/zoals-wij/": OWN_COLLECTIVE.reads(),
    "mijn/collectief/<slug:slug>/zoals-wij/<slug:other>/": REPRESENTATIVE.sends(),
    "zelfscan/opnieuw/<slug:slug>/": REPRESENTATIVE.sends(),
    "mijn/collectief/<slug:slug>/mensen/": OWN_PEOPLE_OR_ADMIN.sends(NONE),
    "mijn/collectief/<slug:slug>/mensen/<int:pk>/": REPRESENTATIVE_OR_ADMIN.sends(NONE),
    "mijn/collectief/<slug:slug>/mensen/verzoek/<int:pk>/": REPRESENTATIVE_OR_ADMIN.sends(),
    "mijn/collectief/<slug:slug>/mensen/uitnodigen/": REPRESENTATIVE_OR_ADMIN.sends(),
    "mijn/collectief/<slug:slug>/mensen/vertrekken/": OWN_COLLECTIVE.sends(ON),
    "mijn/collectief/<slug:slug>/stoppen/": REPRESENTATIVE.sends(),
    "uitnodiging/collectief/<str:token>/": Line(SIGNED_IN, PAGE, NONE, each(SIGNED_OUT, (PAGE, SIGN_IN))),
    "mensen/<slug:handle>/": PUBLIC.reads(),
    "mensen/<slug:handle>/foto/": PUBLIC.reads(),
    "mijn/collectief/<slug:slug>/pagina/": REPRESENTATIVE.sends(),
    "mijn/collectief/<slug:slug>/pagina/terug/": REPRESENTATIVE.acts(get=CLOSED_TO_ALL),
    "mijn/collectief/<slug:slug>/kaart/": REPRESENTATIVE.sends(),
    "mijn/collectief/<slug:slug>/toestemming/": REPRESENTATIVE.sends(NONE),
    "mijn/collectief/<slug:slug>/activiteit/": REPRESENTATIVE.acts(get=CLOSED_TO_ALL),
    "mijn/collectief/<slug:slug>/klopt/": REPRESENTATIVE.acts(get=CLOSED_TO_ALL),
    "mijn/collectief/<slug:slug>/aanbod/": REPRESENTATIVE.sends(CLOSED_TO_ALL),
    "mijn/collectief/<slug:slug>/aanbod/nieuw/": REPRESENTATIVE.sends(),
    "mijn/collectief/<slug:slug>/aanbod/<int:pk>/": REPRESENTATIVE.sends(),
    "mijn/collectief/<slug:slug>/aanbod/<int:pk>/sluiten/": REPRESENTATIVE.acts(get=CLOSED_TO_ALL),
    # Of the person who is signed in.
    "mijn/": SIGNED_IN.reads(),
    "mijn/stappen/<slug:key>/weg/": SIGNED_IN.acts(NONE),
    "mijn/uitnodigen/": SIGNED_IN.sends(but=each(SIGNED - MEMBERS.roles, (PAGE, FORBIDDEN))),
    "mijn/wederkerigheid/": SIGNED_IN.sends(NONE),
    "mijn/wederkerigheid/<int:year>.pdf": OWNER.sends(NOT_SO, get=ON),
    "mijn/wederkerigheid/<slug:slug>/<int:year>.pdf": OWN_COLLECTIVE.sends(NOT_SO, get=ON),
    "mijn/profiel/": SIGNED_IN.sends(),
    "mijn/profiel/foto/": SIGNED_IN.acts(PAGE, get=NOT_SO),
    "mijn/meldingen/": SIGNED_IN.sends(ON),
    "mijn/meldingen/<int:pk>/": OWNER.sends(NOT_SO, get=ON),
    "mijn/gegevens/": SIGNED_IN.sends(),
    "mijn/gegevens/meldingen/": SIGNED_IN.sends(),
    "mijn/gegevens/kopie/": SIGNED_IN.acts(),
    "mijn/gegevens/kopieen/": SIGNED_IN.reads(),
    "mijn/gegevens/kopie/<str:token>/": OWNER.reads(),
    "mijn/gegevens/toestemming/<slug:source>/<slug:key>/": OWNER.acts(get=CLOSED_TO_ALL),
    "mijn/gegevens/verwijderen/": SIGNED_IN.sends(),
    "mijn/gegevens/verwijderen/bevestigen/<str:token>/": OWNER.sends(ON),
    "mijn/gegevens/verwijderen/terug/<str:token>/": HOLDER_OF_LINK.sends(ON),
    # Signing in and what belongs to it, by allauth. Whoever is signed in is sent on from where one signs in.
    "account/login/": VISITORS.sends(but={"unverified": ON}),
    "account/logout/": Line(SIGNED_IN, PAGE, ON, each(SIGNED_OUT, ON)),
    "account/inactive/": PUBLIC.reads(),
    "account/signup/": VISITORS.sends(),
    "account/": SIGNED_IN.sends(),
    "account/sessions/": SIGNED_IN.sends(ON),
    **{
        f"account/{part}/": NOT_SET_UP
        for part in (
            "3rdparty", "3rdparty/signup", "3rdparty/login/cancelled", "3rdparty/login/error",
            "oidc/<str:provider_id>/login", "oidc/<str:provider_id>/login/callback",
        )
    },
    "account/reauthenticate/": SIGNED_IN.sends(),
    "account/email/": SIGNED_IN.sends(ON),
    "account/confirm-email/": Line(
        Audience("who has to prove an address", frozenset({"unverified"}), others=ON), PAGE, PAGE
    ),
    "account/password/change/": SIGNED_IN.sends(),
    "account/password/set/": SIGNED_IN.moves(),
    "account/password/reset/": PUBLIC.sends(),
    "account/password/reset/done/": PUBLIC.reads(),
    "account/password/reset/key/done/": PUBLIC.reads(),
    "account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": HOLDER_OF_LINK.sends(),
    "account/login/code/": VISITORS.sends(but={"unverified": ON}),
    "account/login/code/confirm/": PUBLIC.moves(),
    "account/2fa/": SIGNED_IN.sends(CLOSED),
    "account/2fa/authenticate/": SIGNED_IN.moves(),
    "account/2fa/reauthenticate/": SIGNED_IN.sends(but=each(SIGNED - WITH_FACTOR, CONFIRM)),
    "account/2fa/totp/activate/": SIGNED_IN.sends(CONFIRM, get=CONFIRM),
    "account/2fa/totp/deactivate/": Line(
        SIGNED_IN, CONFIRM, CONFIRM, each(SIGNED - WITH_FACTOR, NONE)
    ),
    "account/2fa/recovery-codes/": SIGNED_IN.sends(CLOSED, get=NONE),
    "account/2fa/recovery-codes/generate/": SIGNED_IN.sends(CONFIRM, get=CONFIRM),
    "account/2fa/recovery-codes/download/": SIGNED_IN.sends(NONE, get=NONE),
    "account/2fa/webauthn/": SIGNED_IN.sends(CLOSED),
    "account/2fa/webauthn/add/": SIGNED_IN.sends(CONFIRM, get=CONFIRM),
    "account/2fa/webauthn/reauthenticate/": SIGNED_IN.sends(CONFIRM, get=CONFIRM),
    "account/2fa/webauthn/keys/<int:pk>/remove/": SIGNED_IN.sends(CONFIRM, get=CONFIRM),
    "account/2fa/webauthn/keys/<int:pk>/edit/": SIGNED_IN.sends(CONFIRM, get=CONFIRM),
    "account/2fa/webauthn/login/": Line(VISITORS, SIGN_IN, SIGN_IN, {"unverified": ON}),
}  # fmt: skip

BOTH_MAY_LEAVE = {WITHOUT_FACTOR: ON}
ADMIN_PAGES: dict[str, Line] = {
    "": ADMIN.sends(),
    "login/": Line(ADMIN, ON, ON, BOTH_MAY_LEAVE),
    "logout/": Line(ADMIN, ON, ON, BOTH_MAY_LEAVE),
    "tweede-stap/": Line(ADMIN, ON, ON, {WITHOUT_FACTOR: PAGE}),
    "hulp/": ADMIN.sends(),
    "password_change/": ADMIN.moves(),
    "password_change/done/": ADMIN.sends(CLOSED),
    "autocomplete/": ADMIN.sends(CLOSED, get=FORBIDDEN),
    "jsi18n/": ADMIN.sends(CLOSED),
    "r/<path:content_type_id>/<path:object_id>/": ADMIN.moves(),
    "^(?P<app_label>apps)/$": ADMIN.sends(),
    "(?P<url>.*)$": Line(ADMIN, NONE, NONE),
    "werk/goedkeuren/": ADMIN.acts(),
    "werk/<int:pk>/nemen/": ADMIN.acts(),
    "werk/volgende/": ADMIN.moves(),
    "selfscan/response/<int:pk>/beoordelen/": ADMIN.sends(ON),
    "selfscan/response/<int:pk>/opnieuw/": ADMIN.acts(),
    "members/collectiveprofile/<int:pk>/beoordelen/": ADMIN.sends(),
    "members/joinrequest/<int:pk>/beoordelen/": ADMIN.sends(),
    "members/abusereport/<int:pk>/beoordelen/": ADMIN.sends(),
    "labs/labmembership/<int:pk>/beoordelen/": ADMIN.sends(),
    "common/auditevent/logboek.csv": ADMIN.sends(CLOSED),
    "members/serviceoffer/aanbod.csv": ADMIN.sends(CLOSED),
    "members/importbatch/<int:pk>/overzicht/": ADMIN.sends(CLOSED),
    "members/importbatch/<int:pk>/verslag.csv": ADMIN.sends(CLOSED),
    "members/importbatch/<int:pk>/inbrengen/": ADMIN.acts(),
    "members/importbatch/<int:pk>/weggooien/": ADMIN.acts(),
    "members/importbatch/<int:pk>/ongedaan/": ADMIN.acts(),
    "members/importbatch/sjabloon.csv": ADMIN.sends(CLOSED),
    "members/importbatch/sjabloon.xlsx": ADMIN.sends(CLOSED),
    "pages/campaign/<int:pk>/overzicht/": ADMIN.sends(CLOSED),
    "pages/campaign/<int:pk>/code-<slug:language>.svg": ADMIN.sends(CLOSED),
    "pages/campaign/<int:pk>/code-<slug:language>.png": ADMIN.sends(CLOSED),
    "pages/campaign/<int:pk>/<slug:sheet>-<slug:language>.pdf": ADMIN.sends(CLOSED, get=NONE),
    "pages/campaign/<int:pk>/aankomsten.csv": ADMIN.sends(CLOSED),
    "pages/campaign/<int:pk>/vellen/": ADMIN.acts(),
    "pages/campaign/<int:pk>/einde/": ADMIN.acts(),
    **{
        f"pages/{model}/{part}": line
        for model in ("page", "faqentry")
        for part, line in {
            "voorbeeld/<str:language>/": ADMIN.acts("422"),
            "<int:pk>/voorbeeld/<str:language>/": ADMIN.acts("422"),
            "<int:object_id>/history/<int:version_id>/": ADMIN.sends(),
        }.items()
    },
}
# What an admin may do with the rows of a model, beside looking at them; nothing at all is for who isn't one.
ROWS: dict[str, str] = {
    "common/promise": "",
    "common/sentmail": "",
    "common/auditevent": "",
    "selfscan/response": "",
    "selfscan/instrument": "",
    "selfscan/report": "",
    "selfscan/benchmarksnapshot": "",
    "newsletter/subscriber": "",
    "labs/lab": "add change",
    "labs/labmembership": "",
    "members/abusereport": "",
    "members/collective": "change",
    "members/collectiveprofile": "change",
    "members/mappin": "change",
    "members/consent": "",
    "members/importbatch": "add change",
    "members/joinrequest": "",
    "members/serviceoffer": "",
    "members/term": "change",
    "members/user": "add change",
    "members/workitem": "",
    "pages/campaign": "add change",
    "pages/page": "add change delete",
    "pages/faqentry": "add change delete",
}


def of_rows(model: str, may: str) -> dict[str, Line]:
    """The lines of the pages that the admin has of every model."""

    def form(act: str, get: str) -> Line:
        return ADMIN.sends() if act in may.split() else ADMIN.sends(FORBIDDEN, get=get)

    return {
        f"{model}/": ADMIN.sends(),
        f"{model}/add/": form("add", FORBIDDEN),
        f"{model}/<path:object_id>/change/": form("change", PAGE),
        f"{model}/<path:object_id>/delete/": form("delete", FORBIDDEN),
        f"{model}/<path:object_id>/history/": ADMIN.sends(),
        f"{model}/<path:object_id>/": ADMIN.moves(),
    }


def matrix() -> dict[str, Line]:
    """Every address with its line."""
    admin = dict(ADMIN_PAGES)
    for model, may in ROWS.items():
        admin |= of_rows(model, may)
    return SITE | {f"beheer/{part}": line for part, line in admin.items()}


# What hides among what is public: a word of it, and who may read that word on a page that is open to them by right.
SECRETS: dict[str, frozenset[str]] = {
    "Wachtend Collectief": frozenset({"admin"}),  # a collective that nobody decided about
    "Een nieuwe tekst die nog wacht": frozenset(
        {"admin", "representative"}
    ),  # a page's text that nobody decided about
    "jan@wereld.example": frozenset({"admin", "representative"}),  # who asks for access
    "lezer@wereld.example": frozenset({"admin"}),  # a reader of the newsletter
    "wacht@wereld.example": frozenset({"admin"}),  # a contact address in a scan
    "zonnig-dorp@collectief.example": frozenset({"admin", "representative"}),  # a contact address of a page
    "rollen.example": frozenset(
        {"admin", "representative"}
    ),  # people's addresses, but for one's own and one's colleagues'
}
