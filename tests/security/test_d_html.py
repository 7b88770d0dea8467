"""D4: whatever is typed anywhere is shown as text: on pages, in mails, in the report, to the team."""

from urllib.parse import urlencode

import pytest

from collectievekracht.common import mail
from collectievekracht.common.models import SentMail
from members.models import Collective, JoinRequest
from selfscan.models import Response
from selfscan.reports import report_html, report_view
from tests.factories.members import MembershipFactory
from tests.factories.scans import example
from tests.factories.waiting import waiting_scan
from tests.security.dom import planted
from tests.security.kinds import plain, words_of
from tests.security.vectors import VECTORS
from tests.trust.figures import FULL

USED = VECTORS if FULL else VECTORS[::3]
LONGEST = {"org_name": 120, "offer_details": 200}
PLAIN_TEXT = " Een gewone zin erachter, lang genoeg voor dit veld."


def text_fields(definition):
    """The answers' keys that take text: questions, and options with a text of their own, as (question, key)."""
    for question in definition.questions:
        if question.type in ("short_text", "long_text") and question.code != "postcode":
            yield question, question.code
        for option in question.options:
            if option.free_text:
                yield question, f"{question.code}__{option.code}"


def answers_with(definition, texts):
    """The example's answers with these texts in turn in every field that takes text; each field, and its text."""
    answers, given = example("example_energy"), {}
    for number, (question, key) in enumerate(text_fields(definition)):
        typed = texts[number % len(texts)]
        given[key] = typed + PLAIN_TEXT if question.type == "long_text" else typed[: LONGEST.get(key, 80)]
        if key != question.code:
            code = key.partition("__")[2]
            chosen = answers.get(question.code)
            answers[question.code] = [*(chosen or []), code] if question.type == "multiple" else code
    del answers["place"], answers["country"]  # the factory's own are real
    return answers | given, given


@pytest.fixture
def typed(world, people, definition):
    """Sent scans with a vector in every field."""
    size = 1 if FULL else len(list(text_fields(definition)))
    scans = []
    for start in range(0, len(USED), size):
        answers, given = answers_with(definition, USED[start : start + size])
        answers["contact_email"] = f"v{start}@voorbeeld.example"
        scan = waiting_scan(**answers)
        assert {key: plain(scan.answers[key]) for key in given} == {
            key: plain(text) for key, text in given.items()
        }
        scans.append(scan)
    return scans


def letters(world, people):
    """Letters, requests and searches with the vectors; what each form and filter answers, as (name, answer)."""
    slug = world.published.slug
    for number, vector in enumerate(USED):
        if not FULL and number % 10:
            continue
        for part in ("contact", "toegang"):
            form = {"name": vector, "email": f"l{number}@voorbeeld.example", "message": vector + PLAIN_TEXT}
            place = f"/collectieven/{slug}/{part}/"
            address = f"198.51.{number // 250}.{number % 250}"
            answer = people["visitor"].post(place, form, REMOTE_ADDR=address)
            assert answer.status_code in (200, 302, 429)
            yield place, answer
        to_team = {
            "name": vector,
            "email": "t@voorbeeld.example",
            "subject": "press",
            "message": vector + PLAIN_TEXT,
        }
        answer = people["visitor"].post("/contact/", to_team, REMOTE_ADDR=address)
        assert answer.status_code in (200, 302, 429)
        yield "/contact/", answer
        yield from invitation(world, people, number, vector)
        yield "find", people["visitor"].get(f"/zelfscan/bestaat-al/?{urlencode({'q': vector})}")
        query = urlencode({"q": vector, "sector": vector})
        yield "directory", people["visitor"].get(f"/collectieven/?{query}")
        yield "queue", people["admin"].get(f"/beheer/?{urlencode({'zoek': vector, 'toon': vector})}")
        yield "list", people["admin"].get(f"/beheer/members/collective/?{urlencode({'q': vector})}")
        onward = f"/account/login/?{urlencode({'next': vector})}"
        for path in ("/zelfscan/hervatten/", "/account/login/", "/account/password/reset/", onward):
            yield path, people["visitor"].post(path, {"email": vector, "login": vector, "password": "x"})


def invitation(world, people, number, vector):
    """Somebody with the vector as name invites; where it stands, and the form."""
    type(world.representative).objects.filter(pk=world.representative.pk).update(name=vector[:120])
    form = {"addresses": f"u{number}@voorbeeld.example", "sentence": vector, "kind": "lab", "language": "nl"}
    answer = people["representative"].post("/mijn/uitnodigen/", form)
    assert answer.status_code in (200, 302, 429)
    yield "/mijn/uitnodigen/", answer
    yield "/uitnodiging/", people["visitor"].get(f"/uitnodiging/{world.invitation.token}/")


def reasons(world, people):
    """A scan sent back and requests refused, with the vectors as the reason; what the pages answer."""
    review = f"/beheer/selfscan/response/{world.sent.pk}/beoordelen/"
    reason = {"decision": "returned", "returned-reason": "\n".join(USED)[:1900]}
    yield "sent back", people["admin"].post(review, reason, follow=True)
    yield "sent back", people["visitor"].get(f"/zelfscan/{world.sent.token}/")
    yield "sent back", people["admin"].get(f"/beheer/members/collective/{world.sent.collective_id}/change/")
    for number, asked in enumerate(JoinRequest.objects.order_by("pk")):
        review = f"/beheer/members/joinrequest/{asked.pk}/beoordelen/"
        yield "request", people["admin"].get(review)
        reason = {"decision": "refused", "reason": USED[number % len(USED)] + PLAIN_TEXT}
        yield "refused", people["admin"].post(review, reason, follow=True)


PARTS = (
    "",
    "about/",
    "about/2/",
    "about/3/",
    "members/",
    "resources/",
    "exchange/",
    "controle/",
    "bestaat-al/",
)


def pages_of(scan, people):
    """The pages on which this scan's texts stand, before and after it is approved."""
    start = f"/zelfscan/{scan.token}/"
    admin, visitor = people["admin"], people["visitor"]
    review = f"/beheer/selfscan/response/{scan.pk}/beoordelen/"
    yield start, visitor.get(f"{start}klaar/")
    yield review, admin.get(review)
    yield "answers", admin.get(f"/beheer/selfscan/response/{scan.pk}/change/")
    profile = scan.collective.profiles.get()
    yield "profile in admin", admin.get(f"/beheer/members/collectiveprofile/{profile.pk}/change/")
    yield "profile", admin.get(scan.collective.get_absolute_url())
    yield "decided", admin.post(review, {"decision": "approved"}, follow=True)
    for language in ("", "/en"):
        yield "profile", visitor.get(language + scan.collective.get_absolute_url())
    for part in ("contact", "toegang"):
        yield part, visitor.get(f"{scan.collective.get_absolute_url()}{part}/")
    Response.objects.filter(pk=scan.pk).update(state="draft")
    for part in PARTS:
        yield part, visitor.get(start + part)
    Response.objects.filter(pk=scan.pk).update(state="completed")


def test_d4_what_is_typed_is_text_wherever_it_is_shown(world, people, typed, table):
    wrong, pages = [], 0

    def look(name, page, **how):
        nonlocal pages
        pages += 1
        wrong.extend(f"{name}: {one}" for one in planted(page, **how))

    for scan in typed:
        for name, answer in pages_of(scan, people):
            assert answer.status_code in (200, 302), (name, answer.status_code)
            look(name, answer.content.decode())
        report = report_html(report_view(Response.objects.select_related("instrument").get(pk=scan.pk)))
        look("report", report.replace('<link rel="stylesheet"', "<link"))
        assert plain(scan.answers["org_name"]) in words_of(report)
        MembershipFactory(user=world.representative, collective=scan.collective)
    for name, answer in (*letters(world, people), *reasons(world, people)):
        look(name, answer.content.decode())
    for one in Collective.objects.filter(state="approved")[:5]:
        look("in admin", people["admin"].get(f"/beheer/members/collective/{one.pk}/change/").content.decode())
    lists = ["/", "/collectieven/", "/collectieven/?pagina=2", "/en/collectieven/?q=xk9", "/kaart/", "/kaart/embed/", "/mijn/",
             "/beheer/", "/beheer/?zoek=xk9", "/beheer/members/collective/", "/beheer/members/collectiveprofile/",
             "/beheer/members/joinrequest/", "/beheer/members/workitem/", "/beheer/selfscan/response/",
             "/beheer/common/sentmail/", "/beheer/members/mappin/", "/beheer/members/consent/", "/sitemap.xml",
             "/zelfscan/bestaat-al/?q=xk9"]  # fmt: skip
    for path in lists:
        who = "admin" if path.startswith("/beheer") else "representative" if path == "/mijn/" else "visitor"
        look(path, people[who].get(path).content.decode())
    for letter in SentMail.objects.all():
        subject, text, html, _off = mail.render(
            letter.template, letter.kind, letter.to, letter.context, letter.language
        )
        look(f"mail {letter.template}", html.replace("<style></style>", ""), mail=True)
        assert "\n" not in subject
        assert text
    files = {
        "/collectieven/collectieven.csv": "text/csv",
        "/kaart/pins.geojson?zoom=20": "application/geo+json",
    }
    for path, kind in files.items():
        answer = people["visitor"].get(path)
        assert answer["Content-Type"].partition(";")[0] == kind
        assert answer["X-Content-Type-Options"] == "nosniff"
    table.add(
        "D4",
        f"{len(USED)} vectors{' in every field' if FULL else ''}, on {pages} pages, mails and reports",
        seen=f"{len(wrong)} scripts, handlers, addresses or loads {sorted(set(wrong))[:12] or ''}",
        must="0",
        holds=not wrong and pages > 200,
    )


def test_what_is_not_escaped_would_be_seen():
    """The looking itself: in text, in an attribute or in a text area, most vectors are found where nobody escaped."""
    contexts = ("<p>{}</p>", '<input value="{}">', "<input value='{}'>", "<textarea>{}</textarea>")
    seen = [vector for vector in VECTORS if any(planted(page.replace("{}", vector)) for page in contexts)]
    assert len(seen) >= 235
    assert not any(planted(page.replace("{}", "gewone tekst")) for page in contexts)
