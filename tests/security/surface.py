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
from labs.models import LabMembership, LabMembershipChange
from members.choices import TermKind
from members.models import (
    AbuseReport,
    CollectiveProfile,
    ContactMessage,
    JoinRequest,
    PersonalProfile,
    ServiceOffer,
    StateChange,
    Term,
)
from members.page_text import mark
from members.personal_page import FIELDS
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


def my_profile(world: World) -> dict[str, str]:
    profile = PersonalProfile.objects.select_related("user").get(user=world.representative)
    return {"name": profile.user.name, "function": profile.function, "about": profile.about}


def asked_words(world: World) -> dict[str, str]:
    return {"question_nl": FaqEntry.objects.get(pk=world.question.pk).question_nl}


OWN = "/mijn/collectief/zonnig-dorp/"
ME = {"name": "Bo Bestuur", "function": "Penningmeester", "about": "Ik weet veel van zonnedaken.", "languages": "nl",
      **{f"see_{field}": "everyone" for field in FIELDS}}  # fmt: skip
# The waiting text of the world, as the form of the page saw it.
SEEN = {"name": "Zonnig Dorp", "description": "Een nieuwe tekst die nog wacht op de beheerder.",
        "website": "https://collectief.example/", "country": "nl", "place_name": "Zwolle", "place_id": 2743477,
        "region": "NL-OV", "founding_year": 2014, "sectors": ["energy"], "main_sector": "energy",
        "legal_form": "nl_cooperative", "geo_scale": "municipality", "target_groups": ["all_residents"],
        "impact_areas": ["climate"], "offer_types": ["expertise"], "offer_details": "We weten veel van zonnedaken.",
        "other_texts": {}}  # fmt: skip
OWN_PAGE = {"name": "Zonnig Dorp", "description": "Wij wekken samen stroom op voor iedereen in het dorp.",
            "website": "https://zonnig.example/", "place_name": "Zwolle", "place_id": "2743477", "founding_year": "2014",
            "offer_details": "Uitleg over daken.", "sectors__other": "", "legal_form__other": "",
            "target_groups__other": ""}  # fmt: skip
OFFER = {
    "title": "Zaal met keuken",
    "details": "Tachtig stoelen.",
    "capacity": "80",
    "email": "zaal@voorbeeld.example",
}
REPORT = {"text": "Dit collectief is er niet meer.", "email": "melder@voorbeeld.example",
          "pagina": "/collectieven/zonnig-dorp/", "form_key": "", "website": ""}  # fmt: skip


def waiting_text(world: World) -> dict[str, str]:
    text = CollectiveProfile.objects.get(collective=world.published, state="pending")
    return {name: getattr(text, name) for name in ("name", "description", "offer_details")}


def newest_report(world: World) -> str:
    return f"/beheer/members/abusereport/{AbuseReport.objects.latest('pk').pk}/beoordelen/"


APPLICATION = {"organisation": "Koepel Samen", "function": "Verbinder", "website": "https://koepel.example/",
               "expertise": "Ik breng collectieven met elkaar in contact.", "brings": "Een groot netwerk.",
               "form_key": ""}  # fmt: skip
EXPERT = {
    "function": "Begeleider",
    "expertise": "Ik begeleid besturen al jaren.",
    "brings": "Een avond met het bestuur.",
}


def newest_application(world: World) -> str:
    return f"/beheer/labs/labmembership/{LabMembership.objects.latest('pk').pk}/beoordelen/"


def application(world: World) -> str:
    return f"/beheer/labs/labmembership/{world.application.pk}/beoordelen/"


def expertise(world: World) -> dict[str, str]:
    one = LabMembership.objects.get(pk=world.lab_member.pk)
    return {name: getattr(one, name) for name in EXPERT}


SURFACES = [
    Surface("apply for a lab", at("/labs/science/aanmelden/"), APPLICATION, who="representative",
            base={"themes": "financing", "regions": "NL-OV", "capacity": "2", "declared": "on"},
            stored=row(LabMembership, "organisation", "function", "expertise", "brings"),
            shown=page(newest_application, "admin")),
    Surface("how many questions", at("/labs/science/aanmelden/"), {"capacity": "2"},
            who="representative", base=APPLICATION | {"themes": "financing", "declared": "on"}),
    Surface("my expertise", at("/mijn/labs/supporters/"), EXPERT, who="representative",
            base={"themes": "financing", "capacity": "1"}, stored=expertise,
            shown=page(at("/labs/supporters/?nu=1"), "representative")),
    Surface("my absence", at("/mijn/labs/supporters/"), {"absent_from": "2027-01-01", "absent_until": "2027-02-01"},
            who="representative", base=EXPERT | {"themes": "financing", "capacity": "1", "show_email": "on"}),
    Surface("lab", at("/labs/science/"), {"q": "geld", "theme": "financing", "sector": "energy", "region": "NL-OV",
                                          "pagina": "1"}, method="get"),
    Surface("lab of a member", at("/en/labs/supporters/"), {"q": "geld", "theme": "financing", "pagina": "1"},
            who="representative", method="get"),
    Surface("letter to an expert",
            lambda w: f"/labs/supporters/leden/{w.lab_member.user.profile.handle}/schrijven/",
            {"name": "Jan", "message": "Wij willen graag eens kijken.", "form_key": "", "website": ""},
            who="representative", stored=of_mail("name", "message"), shown=newest_letter),
    Surface("ask an applicant", application, {"returned-reason": REASON}, who="admin", base={"decision": "returned"},
            stored=lambda w: {"returned-reason": LabMembershipChange.objects.latest("pk").reason}, shown=newest_letter),
    Surface("decline an applicant", application, {"refused-reason": REASON}, who="admin", base={"decision": "refused"},
            stored=lambda w: {"refused-reason": LabMembershipChange.objects.latest("pk").reason}, shown=newest_letter),
    Surface("rows of lab members", at("/beheer/labs/labmembership/"), ROWS | {"confirm": "late", "state__exact": "pending"},
            who="admin", method="get"),
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
    Surface("change our page", at(f"{OWN}pagina/"), OWN_PAGE, who="representative", stored=waiting_text,
            base={"seen": mark(SEEN), "country": "nl", "sectors": "energy", "main_sector": "energy",
                  "legal_form": "nl_cooperative", "geo_scale": "municipality", "target_groups": "all_residents",
                  "offer_types": "expertise"},
            shown=page(at(OWN), "representative")),
    Surface("our pin", at(f"{OWN}kaart/"), {"latitude": "52.1", "longitude": "5.1"},
            who="representative", base={"precision": "exact"}),
    Surface("my profile", at("/mijn/profiel/"), {name: ME[name] for name in ("name", "function", "about")}, base=ME,
            who="representative", stored=my_profile, shown=page(at("/mijn/profiel/"), "representative")),
    Surface("what I choose of my profile", at("/mijn/profiel/"), base=ME, who="representative",
            fields={"languages": "nl", "topics": "financing", "see_name": "members"}),
    Surface("my photo", at("/mijn/profiel/foto/"), {"photo": "x", "act": "x"}, who="representative"),
    Surface("one of our people", lambda w: f"{OWN}mensen/{w.colleague.pk}/", {"act": "colleague"}, who="representative"),
    Surface("refuse a colleague", lambda w: f"{OWN}mensen/verzoek/{w.join.pk}/", {"reason": REASON}, who="representative",
            base={"decision": "refused"}, stored=lambda w: {"reason": JoinRequest.objects.get(pk=w.join.pk).reason},
            shown=newest_letter),
    Surface("decide on a colleague", lambda w: f"{OWN}mensen/verzoek/{w.join.pk}/", {"decision": "x"}, who="representative"),
    Surface("invite a colleague", at(f"{OWN}mensen/uitnodigen/"), who="representative",
            fields={"email": "d@voorbeeld.example", "language": "nl", "form_key": ""}),
    Surface("stop", at(f"{OWN}stoppen/"), {"name": "x"}, who="representative"),
    Surface("what we agree to", at(f"{OWN}toestemming/"), {"kind": "research", "act": "give"}, who="representative"),
    Surface("how we live", at(f"{OWN}activiteit/"), {"activity": "dormant"}, who="representative"),
    Surface("offer", at(f"{OWN}aanbod/nieuw/"), OFFER | {"form_key": ""}, who="representative",
            base={"kind": "venue", "regions": "NL-OV"}, stored=row(ServiceOffer, "title", "details", "email"),
            shown=page(at(f"{OWN}aanbod/"), "representative")),
    Surface("off the offer", lambda w: f"{OWN}aanbod/{w.offer.pk}/sluiten/", {"act": "open"}, who="representative"),
    Surface("report", at("/melden/"), REPORT, base={"reason": "wrong"}, stored=row(AbuseReport, "text", "email"),
            shown=page(newest_report, "admin")),
    Surface("report of a page", at("/melden/"), {"pagina": "/collectieven/zonnig-dorp/", "verstuurd": "ja"}, method="get"),
    Surface("answer a report", newest_report, {"answer": REASON}, who="admin", base={"decision": "approved"},
            stored=row(AbuseReport, "answer"), shown=newest_letter),
    Surface("refuse a change", lambda w: f"/beheer/members/collectiveprofile/{w.revision.pk}/beoordelen/",
            {"reason": REASON, "seen": "x"}, who="admin", base={"decision": "refused"}),
    Surface("rows of offers", at("/beheer/members/serviceoffer/"), who="admin", method="get",
            fields=ROWS | {"regio": "NL-OV", "kind__exact": "venue", "is_open__exact": "1"}),
    Surface("offers as a file", at("/beheer/members/serviceoffer/aanbod.csv"), who="admin", method="get",
            fields=ROWS | {"regio": "NL-OV", "kind__exact": "venue", "is_open__exact": "1"}),
    Surface("rows of reports", at("/beheer/members/abusereport/"), ROWS | {"state__exact": "pending"}, who="admin",
            method="get"),
    Surface("my name", at("/mijn/gegevens/"), {"name": "Bo Bestuur"}, who="representative", base={"language": "nl"},
            stored=lambda w: {"name": type(w.representative).objects.get(pk=w.representative.pk).name},
            shown=page(at("/mijn/gegevens/"), "representative")),
    Surface("my language", at("/mijn/gegevens/"), {"language": "nl"}, who="representative"),
    Surface("delete my data", at("/mijn/gegevens/verwijderen/"), {"sure": "on"}, who="admin"),
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
