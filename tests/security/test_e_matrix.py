"""E1 to E3: who gets what at every address, that another's thing is as good as none, and that no field too many counts."""

import re
from collections import Counter
from html import unescape
from urllib.parse import quote

import pytest
from django.apps import apps
from django.db import connection, models

from labs.models import Lab
from members.models import Collective
from selfscan.models import Response
from tests.factories.members import CollectiveFactory
from tests.factories.selfscan import ResponseFactory
from tests.security.addresses import addresses, arguments, filled_in, patterns
from tests.security.asking import Undone
from tests.security.matrix import ADMIN, HOLDER_OF_LINK, PUBLIC, SECRETS, matrix
from tests.security.roles import ROLES, WITHOUT_FACTOR
from tests.security.standing import NONE, PAGE, SECOND_STEP, SIGN_IN, answer
from tests.security.surface import SURFACES
from tests.selfscan.forms import forms_of
from tests.trust.figures import FULL

pytestmark = pytest.mark.django_db
# The admin has three kinds of people: strangers, members and the team; the team with and without a second factor.
IN_ADMIN = ("anonymous", "representative", "admin", WITHOUT_FACTOR)


def roles_at(address):
    return IN_ADMIN if address.is_admin else (*ROLES, WITHOUT_FACTOR)


def test_every_address_has_its_line():
    lines, found = matrix(), list(patterns())
    assert sorted(set(found) - set(lines)) == [], "tests/security/matrix.py has no line for these addresses"
    assert sorted(set(lines) - set(found)) == [], "these addresses are gone"


def test_e1_every_address_answers_everybody_as_written(standing, table):
    lines, wrong, asked, seen = matrix(), [], 0, Counter()
    for number, address in enumerate(addresses(standing.world)):
        for place, role in enumerate(roles_at(address)):
            # HEAD is GET without its body; short runs ask it of every third person in turn.
            methods = ("GET", "POST", "HEAD") if FULL or place % 3 == number % 3 else ("GET", "POST")
            for method in methods:
                ask = (
                    standing.look
                    if method == "GET"
                    else lambda role, path, by=method: standing.ask(role, by, path)
                )
                got, must = answer(ask(role, address.path)), lines[address.route].answer(role, method)
                asked += 1
                seen[got] += 1
                if got != must:
                    wrong.append(f"{method} {address.route} as {role}: {got}, must be {must}")
    table.add(
        "E1",
        f"{len(lines)} addresses, {len(ROLES)} roles (the admin's four kinds of people), GET, POST and HEAD: {asked} answers",
        seen=f"{len(wrong)} otherwise than written {wrong[:40] or ''}; {dict(seen)}",
        must="0",
        holds=not wrong,
    )


# --- E2: what there is and isn't

# Any other code leads on or says what is wrong with it, in the same words as one that was used up.
LEADS_ON_ANYWAY = {
    "aanmelden/<str:code>/",
    "account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
    "beheer/werk/<int:pk>/nemen/",
}
NO_THING = {"page", "section", "language", "sheet"}  # these arguments choose a part of a thing


def said(response, path):
    """All that an answer says, but for what differs each time and its own address."""
    text = unescape(response.body.decode("utf-8", "replace"))
    text = re.sub(r'(csrfmiddlewaretoken"[^>]*value=|nonce=)"[^"]*"', "", text)
    headers = "\n".join(
        f"{name}: {value}"
        for name, value in response.headers.items()
        if name not in ("X-Request-ID", "Content-Length", "Expires", "Last-Modified", "Date")
    )
    for part in (path, quote(path, safe=""), quote(path)):
        text, headers = text.replace(part, "…"), headers.replace(part, "…")
    return response.status_code, headers, text


def nothing_like(value):
    """A value of the same kind that nothing has."""
    if isinstance(value, int):
        return 987_654_321
    return "z" * len(value) if len(value) > 20 else "bestaat-niet"


def gone():
    """Things that were there and were deleted."""
    scan, collective = ResponseFactory(draft=True), CollectiveFactory(published=True)
    found = {"token": scan.token, "slug": collective.slug}
    Response.objects.filter(pk=scan.pk).delete()
    Collective.objects.filter(pk=collective.pk).delete()
    return found


def test_e2_another_ones_thing_answers_like_none(standing, table):
    lines, wrong, compared = matrix(), [], Counter()
    deleted = gone()
    given = arguments(standing.world)
    for address in addresses(standing.world):
        if address.route not in given or address.route in LEADS_ON_ANYWAY:
            continue
        line = lines[address.route]
        real = given[address.route]
        others = [
            ("guessed", real | {name: nothing_like(value)})
            for name, value in real.items()
            if name not in NO_THING
        ]
        others += [("deleted", real | {name: deleted[name]}) for name in real.keys() & deleted.keys()]
        for role in roles_at(address):
            here = standing.look(role, address.path)
            if line.post != "not so" and answer(here) == "not so":
                here = standing.ask(role, "POST", address.path)
            got = answer(here)
            for kind, arguments_ in others:
                path = filled_in(address.route, arguments_)
                there = standing.ask(role, here.request["REQUEST_METHOD"], path)
                compared[kind] += 1
                if got in (NONE, SIGN_IN, SECOND_STEP):
                    if said(here, address.path) != said(there, path):
                        wrong.append(
                            f"{address.route} as {role}: {got} there, {answer(there)} or other words for a {kind} one"
                        )
                elif answer(there) not in (NONE, "400", "410") and line.audience in (
                    PUBLIC,
                    HOLDER_OF_LINK,
                    ADMIN,
                ):
                    wrong.append(f"{address.route} as {role}: a {kind} {path} answers {answer(there)}")
    table.add(
        "E2",
        f"each address of a thing, its own person's and everybody else's, beside guessed and deleted ones: {dict(compared)}",
        seen=f"{len(wrong)} tell it from one that doesn't exist {wrong[:40] or ''}",
        must="0",
        holds=not wrong,
    )


ASK_FOR_PARTS = ("q=wacht", "q=dorp&sort=new", "zoom=7&bbox=3,50,8,54", "pagina=2", "bij=o&soort=scan")
A_PART = {"HX-Request": "true"}


def test_e2_nobody_reads_what_is_not_theirs(standing, table):
    lines, wrong, read = matrix(), [], 0
    for address in addresses(standing.world):
        if lines[address.route].audience is HOLDER_OF_LINK:
            continue
        for role in roles_at(address):
            answers = [standing.look(role, address.path)]
            if not address.is_admin and "<" not in address.route and answers[0].status_code == 200:
                number = ROLES.index(role) if role in ROLES else 0
                queries = ASK_FOR_PARTS if FULL else [ASK_FOR_PARTS[number % len(ASK_FOR_PARTS)]]
                asked = (f"{address.path}?{query}" for query in queries)
                answers += [standing.ask(role, "GET", path, headers=A_PART) for path in asked]
            own = standing.people[role].user
            for response in answers:
                read += 1
                body = response.body.decode("utf-8", "replace")
                if own:
                    body = body.replace(own.email, "")
                wrong += [
                    f"{address.route} shows {role} {secret!r}"
                    for secret, readers in SECRETS.items()
                    if role not in readers and secret in body
                ]
    table.add(
        "E2",
        f"{len(SECRETS)} kinds of hidden words looked for in {read} pages, files, JSON and parts of pages",
        seen=f"{len(wrong)} shown to who may not read them {sorted(set(wrong))[:20] or ''}",
        must="0",
        holds=not wrong,
    )


# --- E3: fields that no form has

GUARDED = {
    "is_staff", "is_superuser", "is_active", "state", "role", "collective_id", "user_id", "lab_id", "onboarded_at", "closed_at",
    "does_research", "decided_by_id", "decided_at", "published_profile_id", "left_at", "ended_at", "proposed_by_id", "activity",
    "confirmed_at", "revision", "handle", "claimed_by_id", "actor",
}  # fmt: skip
FILL = {"text": "Een goede tekst", "textarea": "Een goede tekst die lang genoeg is.", "email": "extra@voorbeeld.example",
        "number": "3", "url": "https://voorbeeld.example/", "date": "2027-01-05", "search": "zon"}  # fmt: skip


def too_many(world):
    """What somebody adds to a form who wants to be more than they are."""
    other, boss = Collective.objects.get(slug="ander-dorp").pk, world.admin.pk
    lab = Lab.objects.get(code="finance").pk
    moment = "2020-01-01"
    return {
        "is_staff": "on", "is_superuser": "on", "is_active": "", "state": "approved", "status": "approved", "handle": "gekaapt",
        "collective": other, "collective_id": other, "user": boss, "user_id": boss, "lab": lab, "lab_id": lab, "actor": boss,
        "onboarded_at": moment, "closed_at": moment, "decided_at": moment, "confirmed_at": moment, "left_at": "", "ended_at": "",
        "role": "representative", "does_research": "on", "published_profile": "1", "proposed_by": boss, "decided_by": boss,
        "claimed_by": boss, "pk": "1", "id": "1",
    }  # fmt: skip


class Rights:
    """The columns that say who may what, over all tables."""

    def __init__(self):
        self.parts = []
        for model in apps.get_models():
            found = [
                field
                for field in model._meta.concrete_fields
                if field.column in GUARDED and not field.primary_key
            ]
            if found and model._meta.managed:
                self.parts.append((model._meta.db_table, [self._comparable(model, field) for field in found]))

    def _comparable(self, model, field):
        """A new row's number and the moment of a change differ each time; that there is one doesn't."""
        if field.name == "handle":  # made up anew for each person
            return "(handle = 'gekaapt')::text"
        if isinstance(field, models.DateTimeField):
            return f"({field.column})::date::text"
        if field.is_relation or isinstance(field, models.BigIntegerField):
            highest = model._base_manager.aggregate(most=models.Max(field.attname))["most"] or 0
            return f"least({field.column}, {highest + 1})::text"
        return f"({field.column})::text"

    def now(self):
        """Every row of them, in order."""
        found = {}
        with connection.cursor() as cursor:
            for name, columns in self.parts:
                rows = f"SELECT ROW({', '.join(columns)})::text AS one FROM {name}"
                cursor.execute(f"SELECT md5(string_agg(one, '' ORDER BY one)) FROM ({rows}) AS every")
                found[name] = cursor.fetchone()[0]
        return found


def sent_forms(standing):
    """Each form that anybody meets, once a person: (who, address, data as a browser would send it).

    Short runs take each form once, of the first in this order who meets it.
    """
    met = set()
    for role in ("representative", "admin", "newcomer", *standing.people):
        met = set() if FULL else met
        for address in addresses(standing.world):
            if role not in roles_at(address):
                continue
            page = standing.look(role, address.path)
            if answer(page) != PAGE or not page.headers["Content-Type"].startswith("text/html"):
                continue
            for form in forms_of(page):
                action = (form.action or address.path).partition("#")[0]
                if (
                    form.attributes.get("method", "").lower() != "post"
                    or action in met
                    or not action.startswith("/")
                ):
                    continue
                met.add(action)
                data = dict(form.data)
                for name, kind in form.fields.items():
                    if kind in FILL and not any(data.get(name, ())):
                        data[name] = [FILL[kind]]
                yield role, action, data, set(form.fields)


def test_e3_a_field_too_many_changes_nothing(standing, table):
    rights, extra = Rights(), too_many(standing.world)
    wrong, statuses, forms = [], Counter(), 0
    before = rights.now()

    def effect(act):
        with Undone():
            response = act()
            return response.status_code, response.get("Location", ""), rights.now()

    def compare(name, act, fields):
        plain = effect(lambda: act({}))
        more = effect(lambda: act({key: value for key, value in extra.items() if key not in fields}))
        statuses[more[0]] += 1
        if plain[0] != more[0] or plain[2] != more[2]:
            tables = sorted(one for one in plain[2] if plain[2][one] != more[2][one])
            wrong.append(f"{name}: {plain[0]} {more[0]} {tables}")

    for role, action, data, fields in sent_forms(standing):
        forms += 1
        client = standing.people[role].client
        cookies = client.cookies.copy()

        def send(more, client=client, action=action, data=data, cookies=cookies):
            client.cookies = cookies.copy()
            return client.post(action, data | more)

        compare(f"{action} as {role}", send, fields)
        client.cookies = cookies
    clients = {
        "visitor": standing.people["anonymous"].client,
        "representative": standing.people["representative"].client,
        "admin": standing.people["admin"].client,
    }
    for surface in SURFACES:
        if surface.method == "post" and surface.who in clients:
            forms += 1
            compare(
                surface.name,
                lambda more, surface=surface: surface.send(standing.world, clients, surface.fields | more),
                {*surface.fields, *surface.base},
            )
    assert rights.now() == before
    table.add(
        "E3",
        f"{len(extra)} fields too many in each of {forms} forms; {len(GUARDED)} columns of {len(rights.parts)} tables watched",
        seen=f"{len(wrong)} with another effect than without them {wrong[:20] or ''}; statuses {dict(statuses)}",
        must="0",
        holds=not wrong,
    )
