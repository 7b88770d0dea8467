"""Everything that can be typed outside a scan's own pages: forms and filters, with what a good one holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from collectievekracht.common import mail
from collectievekracht.common.models import SentMail
from collectievekracht.common.suppressions import turn_off_token
from collectievekracht.pages.mail_kinds import INVITATION
from collectievekracht.pages.models import Campaign, FaqEntry, Page
from members.choices import TermKind
from members.models import CollectiveProfile, ContactMessage, JoinRequest, StateChange, Term
from selfscan.models import Response
from tests.factories.members import PASSWORD
from tests.security.kinds import encoded, plain, words_of
from tests.security.world import World

FORM = "application/x-www-form-urlencoded"
LETTER = {"name": "Jan", "email": "jan@voorbeeld.example", "message": "Wij willen graag eens kijken."}
REASON = "Vul nog in met hoeveel jullie zijn."
LIST = {"q": "zonnig", "sector": "energy", "region": "NL-OV", "legal_form": "cooperative", "age": "before_2005",
        "area": "village", "sort": "new", "pagina": "1"}  # fmt: skip
ROWS = {"q": "a", "o": "1", "p": "0", "e": "1", "all": "", "_to_field": "id", "_popup": "1", "id": "1"}
SIGN_UP = {"email": "nieuw@voorbeeld.example", "password1": PASSWORD, "password2": PASSWORD}


def newest_letter(world: World, people: dict[str, Client]) -> str:
    """What the newest mail says, where its text and its HTML both do."""
    one = SentMail.objects.latest("pk")
    _subject, text, html, _off = mail.render(one.template, one.kind, one.to, one.context, one.language)
    return plain(text) + "\0" + words_of(html)


def page(path: Callable[[World], str], who: str = "visitor") -> Callable[[World, dict[str, Client]], str]:
    """What this page shows to somebody."""
    return lambda world, people: words_of(people[who].get(path(world)).content.decode())


@dataclass(frozen=True)
class Surface:
    """A form or a filter. `stored` gives what was saved by field, `shown` the page or mail on which it stands."""

    name: str
    path: Callable[[World], str]
    fields: dict[str, str]
    who: str = "visitor"
    method: str = "post"
    base: dict[str, str] = field(default_factory=dict)
    stored: Callable[[World], dict[str, str]] | None = None
    shown: Callable[[World, dict[str, Client]], str] | None = None

    def send(self, world: World, people: dict[str, Client], data: dict[str, Any]) -> Any:
        """What the platform answers to this."""
        person, path, body = people[self.who], self.path(world), encoded(self.base | data)
        if self.method == "get":
            return person.generic("GET", path, QUERY_STRING=body)
        return person.generic("POST", path, body, content_type=FORM)


def at(path: str) -> Callable[[World], str]:
    return lambda world: path


def letter(part: str) -> Callable[[World], str]:
    return lambda world: f"/collectieven/{world.published.slug}/{part}/"


def review(world: World) -> str:
    return f"/beheer/selfscan/response/{world.sent.pk}/beoordelen/"


def asked(world: World) -> str:
    return f"/beheer/members/joinrequest/{world.join.pk}/beoordelen/"


def row(model: Any, *names: str) -> Callable[[World], dict[str, str]]:
    """The newest row's columns, by the name of the field."""
    return lambda world: {name: getattr(model.objects.latest("pk"), name) for name in names}


def of_mail(*names: str) -> Callable[[World], dict[str, str]]:
    """What the newest mail carries, by the name of the field."""
    return lambda world: {name: SentMail.objects.latest("pk").context[name] for name in names}


def newest_request(world: World) -> str:
    return f"/beheer/members/joinrequest/{JoinRequest.objects.latest('pk').pk}/beoordelen/"


def kept(world: World) -> str:
    return f"/zelfscan/{world.draft.token}/bewaard/"


def page_text(world: World) -> dict[str, str]:
    profile = CollectiveProfile.objects.get(pk=world.published.published_profile_id)
    return {name: getattr(profile, name) for name in ("name", "description", "offer_details")}


PROFILE = {"name": "Zonnig Dorp", "description": "Een tekst over wat wij doen.", "website": "https://zonnig.example/",
           "founding_year": "2014", "offer_details": "Uitleg over daken."}  # fmt: skip

TITLES = {"title_nl": "Plannen", "title_en": "Plans", "summary_nl": "Kort.", "summary_en": "Short."}
BODIES = {"body_nl": "Een tekst.", "body_en": "A text.", "began_with": ""}
ASKED = {"question_nl": "Wat?", "question_en": "What?", "group": "data", "position": "1"}


def text_at(part: str) -> Callable[[World], str]:
    return lambda world: f"/beheer/pages/page/{world.text.pk}/{part}/"


def text_titles(world: World) -> dict[str, str]:
    text = Page.objects.get(pk=world.text.pk)
    return {name: getattr(text, name) for name in ("title_nl", "summary_nl")}


def asked_words(world: World) -> dict[str, str]:
    return {"question_nl": FaqEntry.objects.get(pk=world.question.pk).question_nl}


SURFACES = [
    Surface("directory", at("/collectieven/"), LIST, method="get"),
    Surface("directory in parts", at("/en/collectieven/"), LIST, method="get"),
    Surface("directory as CSV", at("/collectieven/collectieven.csv"), LIST, method="get"),
    Surface("map", at("/kaart/"), LIST, method="get"),
    Surface("map of partners", at("/kaart/embed/"), LIST, method="get"),
    Surface("pins", at("/kaart/pins.geojson"), LIST | {"bbox": "3,50,8,54", "zoom": "7"}, method="get"),
    Surface("is it here already", at("/zelfscan/bestaat-al/"), {"q": "zonnig"}, method="get"),
    Surface("places", at("/zelfscan/plaatsen/"), {"q": "Ede", "land": "nl"}, method="get"),
    Surface("sitemap", at("/sitemap-collectives.xml"), {"p": "1"}, method="get"),
    Surface("a page's way back", lambda w: f"/zelfscan/{w.draft.token}/about/",
            {"terug": "controle", "fout": "1", "nieuw": "1"}, method="get"),
    Surface("how far it is", lambda w: f"/zelfscan/{w.sent.token}/klaar/stappen/", {"stand": "busy"}, method="get"),
    Surface("begin", at("/zelfscan/"), {"form_key": ""}),
    Surface("resume", at("/zelfscan/hervatten/"), {"email": "a@voorbeeld.example"}),
    Surface("keep", kept, {"email": "a@voorbeeld.example"},
            stored=lambda w: {"email": Response.objects.get(pk=w.draft.pk).email},
            shown=page(kept)),
    Surface("letter", letter("contact"), LETTER | {"form_key": "", "website": ""},
            stored=row(ContactMessage, "name", "email", "message"), shown=newest_letter),
    Surface("access", letter("toegang"), LETTER | {"form_key": "", "website": ""},
            stored=row(JoinRequest, "name", "email", "message"), shown=page(newest_request, "admin")),
    Surface("letter to the team", at("/contact/"), LETTER | {"subject": "press", "form_key": "", "website": ""},
            stored=of_mail("name", "email", "message"), shown=newest_letter),
    Surface("invite", at("/mijn/uitnodigen/"), who="representative",
            fields={"addresses": "x@voorbeeld.example", "sentence": "Doe je mee?", "kind": "lab", "language": "en",
                    "name": "", "form_key": ""},
            stored=of_mail("sentence"), shown=newest_letter),
    Surface("my invitations", at("/mijn/uitnodigen/"), {"pagina": "1", "verstuurd": "ja"},
            who="representative", method="get"),
    Surface("turn off", lambda w: f"/afmelden/{turn_off_token(INVITATION, 'x@voorbeeld.example')}/",
            {"List-Unsubscribe": "One-Click"}),
    Surface("newsletter", at("/nieuwsbrief/"),
            {"email": "a@voorbeeld.example", "language": "nl", "form_key": "", "website": ""}),
    Surface("edit a text", text_at("change"), TITLES, who="admin", base=BODIES, stored=text_titles,
            shown=page(at("/over/plannen/?nu=1"))),  # a page with a question is never a kept one
    Surface("edit a text's body", text_at("change"), BODIES, who="admin", base=TITLES),
    Surface("edit a question", lambda w: f"/beheer/pages/faqentry/{w.question.pk}/change/", ASKED, who="admin",
            base={"answer_nl": "Dit.", "answer_en": "This.", "is_shown": "on"}, stored=asked_words,
            shown=page(at("/veelgestelde-vragen/?nu=1"))),
    Surface("make a text", at("/beheer/pages/page/add/"), TITLES | BODIES | {"code": "nieuw-plan"}, who="admin"),
    Surface("order questions", at("/beheer/pages/faqentry/"), {"form-0-position": "1", "form-TOTAL_FORMS": "1"}, who="admin",
            base={"form-INITIAL_FORMS": "1", "_save": "1"}),
    Surface("rows of texts", at("/beheer/pages/page/"), ROWS, who="admin", method="get"),
    Surface("rows of questions", at("/beheer/pages/faqentry/"), ROWS | {"group__exact": "data"}, who="admin", method="get"),
    Surface("make a campaign", at("/beheer/pages/campaign/add/"), {"name": "Beurs", "note": "Voor in de hal"},
            who="admin", base={"code": "hal", "target": "scan"}, stored=row(Campaign, "name", "note"),
            shown=page(lambda w: f"/beheer/pages/campaign/{Campaign.objects.latest('pk').pk}/overzicht/", "admin")),
    Surface("sign in", at("/account/login/"), {"login": "a@voorbeeld.example", "password": "x", "next": "/", "remember": "on"}),
    Surface("sign up", at("/account/signup/"), SIGN_UP),
    Surface("reset", at("/account/password/reset/"), {"email": "a@voorbeeld.example"}),
    Surface("sign-in code", at("/account/login/code/"), {"email": "a@voorbeeld.example"}),
    Surface("passkey", at("/account/login/"), {"credential": "{}"}),
    Surface("another address", at("/account/email/"), {"email": "b@voorbeeld.example", "action_add": ""}, who="admin"),
    Surface("new password", at("/account/password/change/"),
            {"oldpassword": PASSWORD, "password1": "", "password2": ""}, who="admin"),
    Surface("second factor", at("/account/2fa/reauthenticate/"), {"code": "000000", "next": "/"}, who="admin"),
    Surface("queue", at("/beheer/"),
            {"toon": "te-laat", "soort": "scan", "zoek": "zon", "pagina": "1"}, who="admin", method="get"),
    Surface("next work", at("/beheer/werk/volgende/"), {"na": "1"}, who="admin", method="get"),
    Surface("rows of collectives", at("/beheer/members/collective/"), ROWS | {"state__exact": "approved"},
            who="admin", method="get"),
    Surface("rows of imports", at("/beheer/members/importbatch/"), ROWS | {"state__exact": "checked"}, who="admin",
            method="get"),
    Surface("one import", lambda w: f"/beheer/members/importbatch/{w.batch.pk}/overzicht/",
            {"toon": "refused", "pagina": "1"}, who="admin", method="get"),
    Surface("bring a file", at("/beheer/members/importbatch/add/"), {"file": "x", "texts_wait": "on"}, who="admin"),
    Surface("rows of mails", at("/beheer/common/sentmail/"), ROWS | {"kind": "x"}, who="admin", method="get"),
    Surface("rows of scans", at("/beheer/selfscan/response/"), who="admin", method="get",
            fields=ROWS | {"completed_at__year": "2026", "instrument__id__exact": "1"}),
    Surface("approve", at("/beheer/werk/goedkeuren/"), {"werk": "1"}, who="admin"),
    Surface("try again", lambda w: f"/beheer/selfscan/response/{w.sent.pk}/opnieuw/", {"step": "x"}, who="admin"),
    Surface("send back", review, {"returned-reason": REASON}, who="admin", base={"decision": "returned"},
            stored=lambda w: {"returned-reason": StateChange.objects.latest("pk").reason}, shown=newest_letter),
    Surface("refuse", review, {"refused-reason": REASON}, who="admin", base={"decision": "refused"},
            stored=lambda w: {"refused-reason": StateChange.objects.latest("pk").reason}, shown=newest_letter),
    Surface("merge", review, {"merged-into": "zonnig-dorp"}, who="admin", base={"decision": "merged"}),
    Surface("decide", review, {"decision": "x"}, who="admin"),
    Surface("refuse access", asked, {"reason": REASON}, who="admin", base={"decision": "refused"}),
    Surface("edit a page", lambda w: f"/beheer/members/collectiveprofile/{w.published.published_profile_id}/change/",
            PROFILE, who="admin", base={"sectors": "energy"}, stored=page_text,
            shown=page(lambda w: w.published.get_absolute_url())),
    Surface("edit a word", lambda w: f"/beheer/members/term/{Term.objects.get(kind=TermKind.SECTOR, code='energy').pk}/change/",
            {"nl": "Energie", "en": "Energy", "position": "1"}, who="admin",
            stored=lambda w: {"nl": Term.objects.get(kind=TermKind.SECTOR, code="energy").nl},
            shown=page(at("/collectieven/"))),
    Surface("edit a collective", lambda w: f"/beheer/members/collective/{w.published.pk}/change/",
            {"activity": "active", "contact_email": "a@voorbeeld.example"}, who="admin"),
    Surface("edit a pin", lambda w: f"/beheer/members/mappin/{w.published.pin.pk}/change/",
            {"latitude": "52.1", "longitude": "5.1"}, who="admin"),
    Surface("edit a person", lambda w: f"/beheer/members/user/{w.representative.pk}/change/",
            {"name": "Bo", "email": "bo@voorbeeld.example", "language": "nl", "groups": "1"}, who="admin"),
    Surface("add a person", at("/beheer/members/user/add/"),
            {"email": "c@voorbeeld.example", "password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"},
            who="admin"),
]  # fmt: skip
