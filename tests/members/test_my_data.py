"""My data: the page, the copy, consents, and being erased and taking that back."""

import io
import json
import re
import zipfile
from datetime import timedelta
from functools import partial
from threading import Thread

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone, translation

from collectievekracht.common import outbox, registry, storage
from collectievekracht.common.models import AuditEvent, Promise, SentMail
from collectievekracht.common.personal import Words
from collectievekracht.common.storage import PrivateFiles
from members.choices import ConsentKind, ExportState, Role
from members.copy_file import parts_of, shown_rows
from members.emails.my_data import confirm_token, take_back_token
from members.models import Collective, Consent, DataExport, Erasure, Membership, Notification, User
from members.notification_kinds import JOIN_ASKED, facts_of
from members.services import copies, erasing, memberships, own_consents
from members.signals import person_changed
from members.tasks import erase_due_task
from newsletter.models import Subscriber
from tests.factories.members import (
    PASSWORD,
    CollectiveFactory,
    ConsentFactory,
    MembershipFactory,
    UserFactory,
)
from tests.factories.people import (
    DataExportFactory,
    ErasureFactory,
    NotificationFactory,
    PersonalProfileFactory,
)
from tests.factories.personal import seeded_person
from tests.factories.signing_in import give_factor, sign_in
from tests.members.test_memberships import at_once
from tests.trust.figures import count

pytestmark = pytest.mark.django_db
PAGE, ERASE = "/mijn/gegevens/", "/mijn/gegevens/verwijderen/"


@pytest.fixture(autouse=True)
def _own_store(tmp_path, monkeypatch, settings):
    settings.OUTBOX_PUBLISH = False
    monkeypatch.setattr(storage.private_storage, "_wrapped", PrivateFiles(location=str(tmp_path)))


@pytest.fixture
def me():
    return UserFactory(email="ik@voorbeeld.example", name="Ina Ik")


@pytest.fixture
def signed_in(client, me):
    return sign_in(client, me)


def confirm_password(client, path=ERASE):
    """Fill in the form, and the password that is asked for then; the answer in the end."""
    answer = client.post(path, {"sure": "on"}, follow=True)
    return client.post(answer.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)


# --- the page


def test_the_page_is_for_who_is_signed_in(client):
    for path in (PAGE, ERASE, f"{PAGE}kopieen/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/account/login/")


def test_the_page_names_what_every_app_keeps(signed_in):
    text = signed_in.get(PAGE).content.decode()
    assert [str(entry.title) for entry in registry.personal_data if str(entry.title) not in text] == []
    assert all(str(entry.what) for entry in registry.personal_data)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_number_of_questions(signed_in, me, count, django_assert_max_num_queries):
    for number in range(count):
        collective = CollectiveFactory(published=True)
        MembershipFactory(user=me, collective=collective)
        DataExportFactory(user=me, ready=True, token=f"kopie{number}")
        NotificationFactory(user=me)
    signed_in.get(PAGE)
    with django_assert_max_num_queries(12):
        answer = signed_in.get(PAGE)
    assert answer.content.decode().count("/mijn/gegevens/toestemming/collectives/") == count


def test_name_and_language_are_corrected(signed_in, me):
    extra = {"is_staff": "on", "email": "ander@voorbeeld.example", "is_superuser": "1"}
    answer = signed_in.post(PAGE, {"name": "Ina Inge", "language": "en", **extra})
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    me.refresh_from_db()
    assert (me.name, me.language, me.is_staff, me.email) == ("Ina Inge", "en", False, "ik@voorbeeld.example")


def test_a_corrected_name_is_told_to_who_shows_it(signed_in, me):
    told = []
    note = lambda user_id, **kwargs: told.append(user_id)  # noqa: E731
    person_changed.connect(note)
    try:
        signed_in.post(PAGE, {"name": "Ina Inge", "language": "nl"})
    finally:
        person_changed.disconnect(note)
    assert told == [me.pk]


def test_a_wrong_name_keeps_what_was_typed(signed_in, me):
    answer = signed_in.post(PAGE, {"name": "x" * 130, "language": "xx"})
    assert answer.status_code == 200
    assert "x" * 130 in answer.content.decode()
    assert "Er is een probleem" in answer.content.decode()
    me.refresh_from_db()
    assert me.name == "Ina Ik"


# --- the copy


def test_a_copy_is_made_mailed_and_fetched(signed_in, me):
    assert signed_in.post(f"{PAGE}kopie/")["Location"] == PAGE
    busy = signed_in.get(PAGE).content.decode()
    assert 'data-hx-get="/mijn/gegevens/kopieen/"' in busy
    assert "htmx" in busy.partition("</head>")[0]
    outbox.run_due()
    outbox.run_due()
    copy = DataExport.objects.get(user=me)
    assert (copy.state, copy.expires_at - copy.ready_at) == (ExportState.READY, timedelta(days=7))
    assert [letter.to for letter in mail.outbox] == [["ik@voorbeeld.example"]]
    assert "http" in mail.outbox[0].body
    assert copy.token not in mail.outbox[0].body
    part = signed_in.get(f"{PAGE}kopieen/").content.decode()
    assert f"/mijn/gegevens/kopie/{copy.token}/" in part
    answer = signed_in.get(f"/mijn/gegevens/kopie/{copy.token}/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = sorted(archive.namelist())
        told = json.loads(archive.read("data.json"))
        words = archive.read("lees-mij.html").decode()
    assert names == ["data.json", "lees-mij.html"]
    assert [part["code"] for part in told["parts"]] == [entry.code for entry in registry.personal_data]
    assert "Ina Ik" in words
    assert '<html lang="nl">' in words


def test_one_copy_at_a_time(signed_in, me):
    for _ in range(2):
        signed_in.post(f"{PAGE}kopie/")
    assert DataExport.objects.filter(user=me).count() == 1


def test_five_copies_a_day(signed_in, me):
    for _ in range(7):
        signed_in.post(f"{PAGE}kopie/")
        DataExport.objects.update(state=ExportState.FAILED)
    assert DataExport.objects.filter(user=me).count() == 5


def test_a_copy_that_failed_says_so_and_is_asked_again(signed_in, me, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("no space left")

    monkeypatch.setattr(storage, "write_atomically", fail)
    signed_in.post(f"{PAGE}kopie/")
    Promise.objects.update(max_attempts=1)
    outbox.run_due()
    assert DataExport.objects.get(user=me).state == ExportState.FAILED
    assert "Het maken van je kopie ging mis" in signed_in.get(PAGE).content.decode()
    monkeypatch.undo()
    assert copies.ask_copy(me)


def test_a_file_that_is_gone_is_410_and_no_download(signed_in, me):
    copy = DataExportFactory(user=me, ready=True)
    assert signed_in.get(f"/mijn/gegevens/kopie/{copy.token}/").status_code == 410
    assert not AuditEvent.objects.filter(action="copy.downloaded").exists()


def test_files_that_no_row_names_are_swept_up(me):
    storage.write_atomically("copies/999999.zip", b"x")
    storage.write_atomically("copies/iets-anders", b"x")
    copy = DataExportFactory(user=me, ready=True)
    failed = DataExportFactory(
        user=me, state=ExportState.FAILED
    )  # it was written, and then something went wrong
    for one in (copy, failed):
        storage.write_atomically(f"copies/{one.pk}.zip", b"x")
    copies.expire_copies(timezone.now())
    assert storage.names("copies") == [f"{copy.pk}.zip"]


def test_an_address_that_was_never_proven_gives_nothing(me):
    me.emailaddress_set.create(email="van-een-ander@voorbeeld.example", verified=False)
    Subscriber.objects.create(email="van-een-ander@voorbeeld.example", channel="website", text_version="1")
    assert [address for _pk, address in erasing.kept_of(me)] == ["ik@voorbeeld.example"]
    erasing.erase_person(me.pk)
    assert Subscriber.objects.filter(email="van-een-ander@voorbeeld.example").exists()


def test_the_copy_reads_as_dutch(instrument):
    me = seeded_person("zoeklichtje")
    parts = {language: readable(me, language) for language in ("nl", "en")}
    # Words that are the same in both languages, and names of things.
    same = {"Mail", "Browser", "Website", "Lab", "Code"}
    titles = [{row.title for row in rows} for rows in parts.values()]
    labels = [{label for row in rows for label, _text in row.lines} for rows in parts.values()]
    assert titles[0] & titles[1] - same == set()
    assert labels[0] & labels[1] - same == set()
    texts = [text for row in parts["nl"] for _label, text in row.lines]
    assert not [
        text for text in texts if re.fullmatch(r"\d{4}-\d\d-\d\dT.*|sent|received|True|False|None", text)
    ]
    assert [row.title for row in parts["nl"]].count(
        "Melding van misbruik"
    ) == 1  # by the account and by the address


def test_the_copy_tells_in_words_who_may_see_what_and_what_was_told(me):
    PersonalProfileFactory(
        user=me, audiences={"name": "everyone", "photo": "members", "collectives": "nobody"}
    )
    facts = facts_of(CollectiveFactory(name="De Buren"), name="Ans", request=3)
    NotificationFactory(user=me, kind=JOIN_ASKED, facts=facts)
    give_factor(me)
    Authenticator.objects.create(user=me, type=Authenticator.Type.WEBAUTHN, data={"name": "Mijn telefoon"})
    told = {label: text for row in readable(me, "nl") for label, text in row.lines}
    assert told["Wie wat mag zien"] == "naam: iedereen; foto: leden van het platform; collectieven: niemand"
    assert told["In woorden"] == "Ans wil meedoen met De Buren."
    assert "Mijn telefoon" in [text for row in readable(me, "nl") for _label, text in row.lines]
    assert "slug" not in str(told)


def readable(person, language):
    with translation.override(language):
        parts = parts_of(tuple(erasing.kept_of(person)))
        return [row for part in parts for row in shown_rows(part.rows)]


# --- consents


def test_consents_are_shown_with_words_version_and_day_and_taken_back(signed_in, me):
    collective = CollectiveFactory(published=True)
    MembershipFactory(user=me, collective=collective)
    Subscriber.objects.create(
        email=me.email, channel="website", text_version="website-1", confirmed_at=timezone.now()
    )
    consent = Consent.objects.get(collective=collective)
    page = signed_in.get(PAGE).content.decode()
    assert all(words in page for words in (consent.text, consent.text_version, "website-1", collective.name))
    for source, key in (
        ("collectives", consent.pk),
        ("newsletter", Subscriber.objects.get().pk),
    ):
        path = f"{PAGE}toestemming/{source}/{key}/"
        assert path in page
        assert signed_in.get(path).status_code == 405
        assert signed_in.post(path)["Location"] == PAGE
        assert signed_in.post(path).status_code == 404  # it is not in force any more
    consent.refresh_from_db()
    collective.refresh_from_db()
    assert consent.withdrawn_at
    assert collective.published_profile is None
    assert Subscriber.objects.get().left_at
    assert AuditEvent.objects.filter(actor=me.pk, action__startswith="consent.withdrawn").count() >= 2


@pytest.mark.parametrize(
    ("role", "allowed"),
    [(Role.REPRESENTATIVE, True), (Role.COLLEAGUE, False), ("left", False), ("none", False)],
)
def test_only_who_speaks_for_it_takes_a_collectives_consent_back(me, role, allowed):
    consent = ConsentFactory(collective=CollectiveFactory(), kind=ConsentKind.RESEARCH)
    if role != "none":
        left = timezone.now() if role == "left" else None
        MembershipFactory(
            user=me,
            collective=consent.collective,
            role=Role.REPRESENTATIVE if left else role,
            left_at=left,
        )
    assert bool(own_consents.consents_of(me)) is allowed
    assert own_consents.withdraw(me, "collectives", str(consent.pk)) is allowed


@pytest.mark.parametrize("key", ["x", "9" * 30, "-1", "0"])
@pytest.mark.parametrize("source", ["collectives", "newsletter", "bestaat-niet"])
def test_a_consent_that_is_not_mine_is_404(signed_in, source, key):
    assert signed_in.post(f"{PAGE}toestemming/{source}/{key}/").status_code == 404


# --- erasing


def test_erasing_asks_for_the_password_and_waits_30_days(signed_in, me):
    first = signed_in.post(ERASE, {"sure": "on"})
    assert (first.status_code, first["Location"].partition("?")[0]) == (302, "/account/reauthenticate/")
    assert not Erasure.objects.exists()
    answer = confirm_password(signed_in)
    assert answer.redirect_chain[-1][0] == PAGE
    erasure = Erasure.objects.get(user=me)
    assert erasure.due_at - erasure.asked_at == timedelta(days=30)
    outbox.run_due()
    link = f"/mijn/gegevens/verwijderen/terug/{take_back_token(erasure.pk)}/"
    start = link.partition(":")[0] + ":"  # what follows tells the second in which the link was made
    assert start in mail.outbox[0].body
    for page in ("/mijn/", PAGE, ERASE):
        assert start in signed_in.get(page).content.decode()
    assert Client().get(link).status_code == 200
    assert Erasure.objects.get().cancelled_at is None  # looking takes nothing back
    assert signed_in.post(link).status_code == 302
    assert "Je account blijft" in signed_in.get(link).content.decode()
    assert start not in signed_in.get("/mijn/").content.decode()
    assert erasing.ask_erasure(me).pk != erasure.pk


def test_erasing_asks_for_the_second_step_of_who_has_no_password(client):
    person = give_factor(UserFactory())
    person.set_unusable_password()
    person.save()
    answer = sign_in(client, person).post(ERASE, {"sure": "on"})
    assert answer["Location"].partition("?")[0] == "/account/2fa/reauthenticate/"
    assert not Erasure.objects.exists()


def test_who_has_neither_gets_a_link_by_mail(client):
    person = UserFactory()
    person.set_unusable_password()
    person.save()
    sign_in(client, person)
    assert client.post(ERASE, {"sure": "on"})["Location"] == ERASE
    assert not Erasure.objects.exists()
    outbox.run_due()
    link = f"/mijn/gegevens/verwijderen/bevestigen/{confirm_token(person.pk)}/"
    assert link.rpartition("/bevestigen/")[0] in mail.outbox[0].body
    assert client.get(link).status_code == 200
    assert not Erasure.objects.exists()
    stranger = sign_in(Client(), UserFactory())
    assert stranger.get(link).status_code == stranger.post(link).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        late = sign_in(Client(), person)
        assert (late.post(link).status_code, late.get(link).status_code) == (410, 410)
        assert "werkt één uur" in late.get(link).content.decode()
        assert stranger.get(link).status_code == 404
    assert not Erasure.objects.exists()
    assert client.post(link)["Location"] == PAGE
    assert Erasure.objects.filter(user=person).count() == 1


def test_without_the_box_nothing_happens(signed_in):
    answer = signed_in.post(ERASE, {})
    assert answer.status_code == 200
    assert "Zet een vinkje" in answer.content.decode()


def test_the_only_representative_hands_over_first(signed_in, me):
    membership = MembershipFactory(user=me, collective=CollectiveFactory(published=True))
    page = signed_in.get(ERASE).content.decode()
    assert f"/mijn/collectief/{membership.collective.slug}/mensen/" in page
    assert 'name="sure"' not in page
    signed_in.post(ERASE, {"sure": "on"})
    with pytest.raises(erasing.StillNeeded):
        erasing.ask_erasure(me)
    assert not Erasure.objects.exists()
    MembershipFactory(collective=membership.collective)
    assert erasing.ask_erasure(me)


def test_who_asked_to_be_erased_speaks_for_nobody_in_time(me):
    collective = CollectiveFactory(published=True)
    mine, other = MembershipFactory(user=me, collective=collective), MembershipFactory(collective=collective)
    colleague = MembershipFactory(collective=collective, role=Role.COLLEAGUE)
    erasure = erasing.ask_erasure(me)
    for act in (
        partial(memberships.leave, collective, other.user),
        partial(memberships.change_role, other, Role.COLLEAGUE, other.user),
        partial(memberships.remove_person, other, me),
        partial(memberships.hand_over, collective, other.user, mine),
    ):
        with pytest.raises(memberships.LastRepresentative):
            act()
    with pytest.raises(erasing.StillNeeded):
        erasing.ask_erasure(other.user)
    assert list(Membership.objects.representatives().filter(collective=collective)) == [mine, other]
    memberships.hand_over(collective, other.user, colleague)
    memberships.leave(collective, other.user)
    assert erasing.take_back(erasure)
    memberships.leave(collective, colleague.user)  # who took it back counts again


@pytest.mark.django_db(transaction=True)
def test_of_two_representatives_who_ask_at_once_one_stays():
    def ask(user):
        try:
            return erasing.ask_erasure(user)
        except erasing.StillNeeded:
            return None

    for _ in range(count(50)):
        collective = CollectiveFactory(published=True)
        both = [MembershipFactory(collective=collective).user for _ in range(2)]
        seen = at_once(*(partial(ask, user) for user in both))
        assert (Erasure.objects.filter(user__in=both).count(), seen.count(None)) == (1, 1)


def test_the_team_hears_a_week_ahead_that_nobody_will_speak(me, settings):
    settings.ADMINS_NOTIFY = ["beheer@voorbeeld.example"]
    collective = CollectiveFactory(published=True)
    MembershipFactory(user=me, collective=collective)
    other = MembershipFactory(collective=collective).user
    erasure = erasing.ask_erasure(me)
    User.objects.filter(pk=other.pk).update(is_active=False)
    told = []
    for day in (22, 23, 24, 29):
        with time_machine.travel(erasure.asked_at + timedelta(days=day, minutes=5)):
            erase_due_task()
        told.append(SentMail.objects.filter(template="members/nobody_soon").count())
    assert told == [0, 1, 1, 1]
    letter = SentMail.objects.get(template="members/nobody_soon")
    assert (letter.to, letter.context["collective"]) == ("beheer@voorbeeld.example", collective.name)
    assert letter.context["url"].endswith(f"/mijn/collectief/{collective.slug}/mensen/")
    page = sign_in(Client(), me).get(PAGE).content.decode()
    assert f"/mijn/collectief/{collective.slug}/mensen/" in page.partition("Houd mijn account")[0]


def test_every_proven_address_reads_of_it(me):
    me.emailaddress_set.create(email="tweede@voorbeeld.example", verified=True)
    me.emailaddress_set.create(email="van-een-ander@voorbeeld.example", verified=False)
    erasing.ask_erasure(me)
    told = (
        SentMail.objects.filter(template="members/erasure_asked").order_by("pk").values_list("to", flat=True)
    )
    assert list(told) == ["ik@voorbeeld.example", "tweede@voorbeeld.example"]


def test_asking_twice_is_asking_once(me):
    assert erasing.ask_erasure(me).pk == erasing.ask_erasure(me).pk
    assert SentMail.objects.filter(template="members/erasure_asked").count() == 1


def test_what_belongs_to_the_collective_stays(me):
    collective = CollectiveFactory(published=True, contact_email=me.email)
    MembershipFactory(user=me, collective=collective)
    other = MembershipFactory(collective=collective)
    erasing.erase_person(me.pk)
    collective.refresh_from_db()
    assert collective.published_profile
    assert collective.contact_email == other.user.email  # whoever speaks for it now
    assert list(Membership.objects.filter(collective=collective)) == [other]


def test_a_collective_that_has_nobody_left_is_told_to_the_admins(me, settings):
    settings.ADMINS_NOTIFY = ["beheer@voorbeeld.example"]
    membership = MembershipFactory(user=me, collective=CollectiveFactory(published=True))
    assert erasing.erase_person(me.pk)
    assert Collective.objects.filter(pk=membership.collective_id).exists()
    assert (
        SentMail.objects.filter(template="members/nobody_speaks", to="beheer@voorbeeld.example").count() == 1
    )


@pytest.mark.parametrize("state", ["taken back", "not yet", "done", "due"])
def test_only_what_is_due_is_done(me, state):
    erasure = ErasureFactory(user=me, due=state != "not yet")
    if state == "taken back":
        assert erasing.take_back(erasure)
        assert not erasing.take_back(erasure)
    if state == "done":
        Erasure.objects.update(done_at=timezone.now())
    erasing.promise_due(timezone.now())
    outbox.run_due()
    assert User.objects.filter(pk=me.pk).exists() is (state != "due")


def test_who_comes_too_late_reads_that_it_is_done(me, client):
    erasure = ErasureFactory(user=me, due=True)
    link = f"{ERASE}terug/{take_back_token(erasure.pk)}/"
    erasing.erase_due(erasure.pk)
    for act in (client.get, client.post):
        answer = act(link)
        assert (answer.status_code, "Je gegevens zijn verwijderd" in answer.content.decode()) == (410, True)


def test_another_erasure_ends_the_one_that_waits(me):
    erasure = ErasureFactory(user=me)
    erasing.erase_person(me.pk)
    erasure.refresh_from_db()
    assert (erasure.user, bool(erasure.done_at)) == (None, True)
    assert not erasing.take_back(erasure)


@pytest.mark.django_db(transaction=True)
def test_taking_back_while_it_is_done_is_too_late():
    erasure, seen = ErasureFactory(due=True), []

    def take_back():
        seen.append(erasing.take_back(Erasure.objects.get(pk=erasure.pk)))
        connection.close()

    late = Thread(target=take_back)
    with transaction.atomic():
        erasing.erase_due(erasure.pk)
        late.start()
        late.join(0.5)
        assert late.is_alive(), "it waits for the erasure"
    late.join()
    erasure.refresh_from_db()
    assert (seen, erasure.cancelled_at) == ([False], None)


def test_the_last_mail_is_sent_and_its_address_forgotten(me):
    ErasureFactory(user=me, due=True)
    erasing.promise_due(timezone.now())
    outbox.run_due()
    outbox.run_due()
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        (["ik@voorbeeld.example"], "Je gegevens zijn verwijderd")
    ]
    assert SentMail.objects.get(template="members/erased").to == ""


@pytest.mark.parametrize("token", ["x", "1:2:3", "", " "])
def test_a_link_that_was_not_made_here_is_404(client, token):
    assert client.get(f"{ERASE}terug/{token or 'geen'}/").status_code == 404
    assert sign_in(client, UserFactory()).get(f"{ERASE}bevestigen/{token or 'geen'}/").status_code == 404


def test_a_token_for_one_thing_is_none_for_another(me, client):
    erasure = ErasureFactory(user=me)
    assert client.get(f"{ERASE}terug/{confirm_token(erasure.pk)}/").status_code == 404
    assert sign_in(client, me).get(f"{ERASE}bevestigen/{take_back_token(me.pk)}/").status_code == 404


# --- taking a person out of words that stay


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jan de Boer belde", "voormalig lid belde"),
        ("Van JAN DE BOER.", "Van voormalig lid."),
        ("Jan de Boerema en Pietjan de Boer", "Jan de Boerema en Pietjan de Boer"),
        ("Mail jan@x.example of Jan@X.example!", "Mail  of !"),
        ("niet-jan@x.example, jan@x.example.nl", "niet-jan@x.example, jan@x.example.nl"),
        ({"who": ["Jan de Boer", 3, None]}, {"who": ["voormalig lid", 3, None]}),
        ({"Jan de Boer": 1}, {"Jan de Boer": 1}),  # what a fact is called is no person
    ],
)
def test_names_and_addresses_are_found_as_whole_words(text, expected):
    assert Words("jan@x.example", "Jan de Boer").without(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Roos belde over de roos.", "Roos belde over de roos."),
        ({"name": "roos", "of": "Roos", "who": "Roos de Wit"}, {"name": "voormalig lid", "of": "Roos", "who": "Roos de Wit"}),
        ([{"name": "Roos"}], [{"name": "voormalig lid"}]),
    ],
)  # fmt: skip
def test_a_name_of_one_word_is_found_where_it_says_that_it_is_one(value, expected):
    assert Words("roos@x.example", "Roos").without(value) == expected


@pytest.mark.parametrize("name", ["name", "of", "slug", "collective", "de", "members.join_asked"])
def test_whoever_is_erased_takes_no_word_of_others_along(name):
    collective = CollectiveFactory(name="De Buren van de straat")
    facts = facts_of(collective, name="Ans de Vries", request=3)
    kept = NotificationFactory(kind=JOIN_ASKED, key=f"{JOIN_ASKED}:3", facts=facts)
    asked = NotificationFactory(kind=JOIN_ASKED, key=f"{JOIN_ASKED}:4", facts=facts | {"name": name})
    erasing.erase_person(UserFactory(name=name).pk)
    for one, who in ((kept, "Ans de Vries"), (asked, "voormalig lid")):
        row = Notification.objects.get(pk=one.pk)
        assert (row.key, row.facts) == (one.key, facts | {"name": who})


def test_a_person_without_name_or_address_is_found_nowhere():
    assert Words("", "").without("alles") == "alles"
