"""People, collectives and texts in the admin: states are decided elsewhere, the rest is corrected and written down."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.urls import reverse

from collectievekracht.common.models import AuditEvent, SentMail
from members import vocabulary
from members.admin.people import UserForm
from members.choices import ConsentKind, ReviewState, TermKind, WorkKind
from members.models import (
    Collective,
    CollectiveProfile,
    Consent,
    JoinRequest,
    MapPin,
    Membership,
    Term,
    User,
    WorkItem,
)
from members.services.access import request_access
from members.services.collectives import ProfileFacts, propose_profile
from members.services.revisions import approve_revision
from members.services.work import claim_work, open_work
from members.signals import person_changed
from tests.factories.members import (
    PASSWORD,
    CollectiveFactory,
    ConsentFactory,
    MembershipFactory,
    UserFactory,
    make_terms,
)
from tests.factories.signing_in import enter_admin, give_factor

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client):
    return enter_admin(client)


@pytest.fixture
def collective(db):
    make_terms()
    return CollectiveFactory(published=True)


def address(row, page="change"):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def form_of(client, row):
    """What the change form would post when nothing is touched."""
    form = client.get(address(row)).context["adminform"].form
    posted = {name: form[name].value() for name in form.fields}
    inlines = {
        f"{prefix}-{name}": 0
        for prefix in ("history", "memberships", "emailaddress_set")
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    return {name: value for name, value in posted.items() if value is not None} | inlines


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label_lower)
def test_every_list_opens_with_a_row_in_it(client, me, collective, model):
    MembershipFactory(collective=collective)
    request_access(
        collective, name="<b>Jan</b>", email="jan@example.org", message="<script>x</script>", language="nl"
    )
    response = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
    assert response.status_code == 200
    row = model.objects.first()
    if row:
        html = client.get(address(row)).content.decode()
        assert "<script>x" not in html
        assert "<b>Jan" not in html
        assert client.get(address(row, "history")).status_code == 200


# What the team itself wrote; it keeps a history.
OWN_TEXTS = {"pages.page", "pages.faqentry"}


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label_lower)
def test_nothing_is_deleted_by_a_click(rf, me, model):
    request = rf.get("/beheer/")
    request.user = me
    one = admin.site._registry[model]
    assert one.has_delete_permission(request) is (model._meta.label_lower in OWN_TEXTS)
    assert "delete_selected" not in one.get_actions(request)


def test_a_forged_deletion_is_refused(client, me, collective):
    assert client.post(address(collective, "delete"), {"post": "yes"}).status_code in (403, 404)
    assert Collective.objects.filter(pk=collective.pk).exists()


def test_a_state_and_a_page_are_not_typed(client, me):
    waiting = CollectiveFactory(proposed=True)
    posted = form_of(client, waiting)
    assert set(posted) & {"activity", "contact_email", "state", "slug", "name"} == {
        "activity",
        "contact_email",
    }
    extra = {
        "state": "approved",
        "published_profile": waiting.profiles.get().pk,
        "slug": "anders",
        "onboarded_at_0": "2026-01-01",
    }
    response = client.post(address(waiting), posted | extra | {"activity": "dormant"})
    assert response.status_code == 302
    waiting.refresh_from_db()
    assert (waiting.state, waiting.published_profile, waiting.activity) == (
        ReviewState.PENDING,
        None,
        "dormant",
    )
    assert waiting.slug != "anders"


def test_a_changed_contact_address_is_written_down_without_the_address(client, me, collective):
    client.post(address(collective), form_of(client, collective) | {"contact_email": "nieuw@example.org"})
    event = AuditEvent.objects.get(action="collective.contact_email")
    assert (event.actor, event.target) == (me.pk, collective.pk)
    assert "nieuw" not in event.after


def test_a_text_is_corrected_with_choices_from_the_vocabulary(client, me, collective):
    profile = propose_profile(
        collective,
        ProfileFacts(name="Nieuw", description="Kort.", country="nl", place_name="Ede", sectors=["energy"]),
    )
    posted = form_of(client, profile)
    changed = {
        "description": "Een langer verhaal.",
        "sectors": ["energy", "food"],
        "legal_form": "nl_foundation",
        "state": "approved",
    }
    response = client.post(address(profile), posted | changed)
    assert response.status_code == 302, response.context["adminform"].form.errors
    profile.refresh_from_db()
    assert (profile.description, profile.summary, profile.state) == (
        "Een langer verhaal.",
        "Een langer verhaal.",
        ReviewState.PENDING,
    )
    assert (profile.sectors, profile.legal_form_group) == (["energy", "food"], "foundation")
    assert AuditEvent.objects.filter(action="profile.edited").count() == 1
    wrong = client.post(address(profile), posted | {"sectors": ["bestaat-niet"]})
    assert wrong.status_code == 200
    for code, group in (("old_form", "other"), ("", "")):
        type(profile).objects.filter(pk=profile.pk).update(legal_form=code)
        profile.refresh_from_db()
        client.post(address(profile), form_of(client, profile))
        profile.refresh_from_db()
        assert (profile.legal_form, profile.legal_form_group) == (code, group)


def test_a_public_text_that_is_corrected_changes_the_name_everywhere(client, me, collective):
    profile = collective.published_profile
    client.post(address(profile), form_of(client, profile) | {"name": "Ándere naam"})
    collective.refresh_from_db()
    assert (collective.name, collective.sort_name) == ("Ándere naam", "andere naam")


def test_a_moved_pin_is_elsewhere_on_the_map_at_once(
    client, me, collective, django_capture_on_commit_callbacks
):
    url, pin = reverse("members:map_pins"), MapPin.objects.get()
    before = client.get(url).content
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address(pin), {"latitude": "52.1", "longitude": "5.1"})
    assert client.get(url).content != before


def test_a_pin_moves_within_the_low_countries_only(client, me, collective):
    pin = MapPin.objects.get()
    client.post(address(pin), {"latitude": "52.1", "longitude": "5.1", "precision": "exact"})
    pin.refresh_from_db()
    assert (pin.latitude, pin.longitude, pin.precision) == (52.1, 5.1, "place_level")
    assert client.post(address(pin), {"latitude": "0", "longitude": "0"}).status_code == 200
    assert client.post(address(pin), {"latitude": "nan", "longitude": "1e400"}).status_code == 200
    pin.refresh_from_db()
    assert pin.latitude == 52.1


def test_a_word_is_reworded_at_once_and_keeps_its_code(client, me):
    make_terms()
    term = Term.objects.get(kind=TermKind.SECTOR, code="energy")
    assert vocabulary.labels(TermKind.SECTOR, "nl")["energy"] == "energy (nl)"
    client.post(address(term), form_of(client, term) | {"nl": "Stroom", "code": "anders", "kind": "theme"})
    term.refresh_from_db()
    assert (term.code, term.kind, vocabulary.labels(TermKind.SECTOR, "nl")["energy"]) == (
        "energy",
        "sector",
        "Stroom",
    )


def test_people_are_made_by_address_in_any_case_once(client, me):
    add = reverse("admin:members_user_add")
    password = {
        "usable_password": "true",
        "password1": "een-lang-wachtwoord-7",
        "password2": "een-lang-wachtwoord-7",
    }
    inlines = {"emailaddress_set-TOTAL_FORMS": 0, "emailaddress_set-INITIAL_FORMS": 0}
    assert client.post(add, {"email": "Nieuw@Example.org", **password, **inlines}).status_code == 302
    made = User.objects.get(email="nieuw@example.org")
    assert (made.is_staff, made.is_superuser) == (False, False)
    assert client.post(add, {"email": "NIEUW@example.org", **password, **inlines}).status_code == 200


def test_giving_rights_is_written_down(client, me):
    person = UserFactory()
    client.post(address(person), form_of(client, person) | {"is_staff": "on"})
    event = AuditEvent.objects.get(action="user.is_staff")
    assert (event.actor, event.target, event.after) == (me.pk, person.pk, "true")


def trail(model):
    """What the trail says of these things, in order, but for looks."""
    kept = AuditEvent.objects.filter(target_type=model._meta.label_lower).exclude(action__endswith="seen")
    return [(event.action, event.before, event.after) for event in kept.order_by("pk")]


def test_every_change_of_a_person_is_written_down_without_words(client, me):
    person = UserFactory(name="jan")
    changed = {"name": "piet", "email": "piet@example.org", "language": "en", "is_active": ""}
    client.post(address(person), {**form_of(client, person), **changed})
    found = trail(User)
    assert [action for action, _before, _after in found] == [
        "user.email", "user.name", "user.language", "user.is_active",
    ]  # fmt: skip
    assert found[1:] == [
        ("user.name", "", ""),
        ("user.language", "nl", "en"),
        ("user.is_active", "true", "false"),
    ]
    assert {len(found[0][1]), len(found[0][2])} == {64}
    client.post(address(person), form_of(client, person))
    assert trail(User) == found


def test_a_change_in_the_admin_undoes_nothing_that_happened_meanwhile(client, me, monkeypatch):
    person = UserFactory()
    posted = form_of(client, person)
    clean = UserForm.clean

    def meanwhile(form):
        User.objects.filter(pk=person.pk).update(session_round=7, name="Zelf gekozen")
        return clean(form)

    monkeypatch.setattr(UserForm, "clean", meanwhile)
    client.post(address(person), posted | {"language": "en"})
    person.refresh_from_db()
    assert (person.language, person.session_round, person.name) == ("en", 7, "Zelf gekozen")


def test_nobody_sets_the_password_of_another(client, me):
    person = UserFactory()
    page = f"/beheer/members/user/{person.pk}/password/"
    word = "een-ander-wachtwoord-7"
    client.post(page, {"password1": word, "password2": word, "usable_password": "true"}, follow=True)
    client.post(address(person), form_of(client, person) | {"password": word})
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert "password" not in client.get(address(person)).content.decode()


def test_who_works_here_no_more_leaves_no_work_behind(client, me):
    colleague = UserFactory(admin=True)
    item = open_work(WorkKind.ABUSE, 1, title="Een melding")
    for taken_away in ("is_staff", "is_active"):
        claim_work(item, colleague)
        posted = {name: value for name, value in form_of(client, colleague).items() if name != taken_away}
        client.post(address(colleague), posted)
        item.refresh_from_db()
        assert (item.claimed_by, item.claimed_at) == (None, None)


def test_a_person_who_may_not_sign_in_any_more_is_gone_from_the_pages_at_once(client, me):
    person, told = UserFactory(), []
    person_changed.connect(listener := lambda user_id, **kwargs: told.append(user_id))
    client.post(address(person), {**form_of(client, person), "is_active": ""})
    person_changed.disconnect(listener)
    assert told == [person.pk]


def test_whoever_proved_the_new_contact_address_already_represents_the_collective(client, me, collective):
    person = UserFactory(email="bestuur@example.org")
    client.post(address(collective), form_of(client, collective) | {"contact_email": person.email})
    assert Membership.objects.get(collective=collective).user == person


def test_saving_a_collective_writes_only_what_was_changed(client, me, monkeypatch):
    waiting = CollectiveFactory(proposed=True)
    posted = form_of(client, waiting)
    form = admin.site._registry[Collective].form
    clean = form.clean

    def meanwhile(one):
        Collective.objects.filter(pk=waiting.pk).update(
            state=ReviewState.APPROVED, contact_email="nu@example.org"
        )
        return clean(one)

    monkeypatch.setattr(form, "clean", meanwhile)
    client.post(address(waiting), posted | {"activity": "dormant"})
    waiting.refresh_from_db()
    assert (waiting.activity, waiting.state, waiting.contact_email) == (
        "dormant", ReviewState.APPROVED, "nu@example.org",
    )  # fmt: skip
    assert trail(Collective) == [("collective.activity", "active", "dormant")]


def test_a_correction_never_overwrites_what_the_collective_wrote_meanwhile(client, me, collective):
    facts = {"name": "Nieuw", "country": "nl", "place_name": "Ede"}
    profile = propose_profile(collective, ProfileFacts(description="Een tkest.", **facts))
    posted = form_of(client, profile)
    propose_profile(collective, ProfileFacts(description="Een heel andere tekst.", **facts))

    answer = client.post(address(profile), posted | {"description": "Een tekst."})

    assert "Iemand veranderde deze tekst" in answer.content.decode()
    profile.refresh_from_db()
    assert profile.description == "Een heel andere tekst."
    assert trail(CollectiveProfile) == []


def test_a_text_without_fields_is_corrected_too_and_never_loses_them(client, me, collective):
    profile = collective.published_profile
    posted = form_of(client, profile)
    answer = client.post(address(profile), {**posted, "sectors": []})
    assert "sectors" in answer.context["adminform"].form.errors
    CollectiveProfile.objects.filter(pk=profile.pk).update(sectors=[], main_sector="")
    answer = client.post(address(profile), form_of(client, profile) | {"description": "Een betere tekst."})
    assert answer.status_code == 302
    profile.refresh_from_db()
    assert (profile.description, profile.sectors) == ("Een betere tekst.", [])


def test_a_correction_of_a_text_decides_nothing(client, me, revision, monkeypatch):
    posted = form_of(client, revision)
    form = admin.site._registry[CollectiveProfile].form
    clean = form.clean

    def meanwhile(one):
        approve_revision(CollectiveProfile.objects.get(pk=revision.pk), me)
        return clean(one)

    monkeypatch.setattr(form, "clean", meanwhile)
    client.post(address(revision), posted | {"name": "Nieuwe Naam"})
    revision.refresh_from_db()
    revision.collective.refresh_from_db()
    assert (revision.state, revision.name, revision.collective.name) == (
        "approved",
        "Nieuwe Naam",
        "Nieuwe Naam",
    )


def test_words_of_the_questionnaire_are_changed_in_somebodys_name(client, me):
    make_terms()
    term = Term.objects.get(kind=TermKind.SECTOR, code="energy")
    client.post(address(term), form_of(client, term))
    assert trail(Term) == []
    client.post(address(term), form_of(client, term) | {"nl": "Stroom"})
    assert trail(Term) == [("term.changed", "", "")]


@pytest.mark.parametrize(
    ("model", "query"), [("collective", "bekeken=x"), ("workitem", "klein=x"), ("user", "is_staff__exact=x")]
)
def test_a_filter_that_can_not_be_read_never_gives_everything(client, me, collective, model, query):
    open_work(WorkKind.ABUSE, 1, title="Een melding")
    answer = client.get(reverse(f"admin:members_{model}_changelist") + f"?{query}")
    assert answer.status_code == 302 or list(answer.context["cl"].result_list) == []


def test_a_lost_second_factor_is_removed_by_another_admin(client, me):
    person = give_factor(UserFactory(admin=True))
    posted = {"action": "reset_second_factor", "_selected_action": [person.pk]}
    client.post(reverse("admin:members_user_changelist"), posted)
    assert not Authenticator.objects.filter(user=person).exists()
    assert Authenticator.objects.filter(user=me).exists()
    assert AuditEvent.objects.filter(action="user.second_factor_removed", target=person.pk).count() == 1


def test_an_admin_without_every_right_works_in_the_queue_and_edits_nothing(client, collective):
    enter_admin(client, UserFactory(is_staff=True))
    assert client.get("/beheer/").status_code == 200
    for row in (collective, MapPin.objects.get(), User.objects.first()):
        assert client.get(address(row)).status_code == 403
    for file in ("common/auditevent/logboek.csv", "members/serviceoffer/aanbod.csv"):
        assert client.get(f"/beheer/{file}").status_code == 403


@pytest.fixture
def revision(collective):
    new = propose_profile(
        collective,
        ProfileFacts(name="Nieuwe naam", description="Nieuwe tekst", country="nl", place_name="Ede"),
    )
    open_work(WorkKind.REVISION, new.pk, title=new.name, collective=collective)
    return new


@pytest.mark.parametrize(("decision", "name"), [("approved", "Nieuwe naam"), ("refused", "Oude naam")])
def test_a_changed_text_is_decided_beside_the_public_one(client, me, revision, collective, decision, name):
    CollectiveProfile.objects.filter(pk=collective.published_profile_id).update(name="Oude naam")
    page = f"/beheer/members/collectiveprofile/{revision.pk}/beoordelen/"
    html = client.get(page).content.decode()
    assert "Oude naam" in html
    assert "Nieuwe tekst" in html
    client.post(page, {"decision": decision, "name": "Iets anders"})
    collective.refresh_from_db()
    assert collective.published_profile.name == name
    again = client.post(page, {"decision": "approved"}, follow=True)
    assert me.name in again.content.decode()
    assert WorkItem.objects.filter(decided_at=None).count() == 0


@pytest.fixture
def asked(collective):
    request_access(
        collective,
        name="Jan de Vries",
        email="jan@example.org",
        message="Ik zit in het bestuur.",
        language="nl",
    )
    return JoinRequest.objects.get()


def test_access_is_given_once(client, me, asked):
    jan = UserFactory(email="jan@example.org")
    page = f"/beheer/members/joinrequest/{asked.pk}/beoordelen/"
    assert "Ik zit in het bestuur." in client.get(page).content.decode()
    client.post(page, {"decision": "approved", "role": "representative", "collective": 999})
    client.post(page, {"decision": "approved"})
    assert Membership.objects.get(user=jan).role == "colleague"
    assert SentMail.objects.filter(template="members/access_decided").count() == 1


def test_access_is_refused_with_a_reason(client, me, asked):
    page = f"/beheer/members/joinrequest/{asked.pk}/beoordelen/"
    assert client.post(page, {"decision": "refused", "reason": "nee"}).status_code == 200
    client.post(page, {"decision": "refused", "reason": "Het bestuur kent je niet."})
    asked.refresh_from_db()
    assert asked.state == ReviewState.REFUSED
    assert (
        SentMail.objects.get(template="members/access_decided").context["why"] == "Het bestuur kent je niet."
    )


def test_a_consent_is_the_collectives_own(client, me, collective):
    consent = collective.consents.first() or ConsentFactory(collective=collective)
    assert client.post(address(consent), {"withdrawn_at_0": "2026-01-01"}).status_code == 403
    consent.refresh_from_db()
    assert consent.withdrawn_at is None
    assert Collective.objects.published().count() == 1


def test_the_team_withdraws_a_consent_when_the_collective_asks(client, me, collective):
    given = collective.consents.in_force().get(kind=ConsentKind.PROFILE)
    client.post(
        reverse("admin:members_consent_changelist"), {"action": "withdraw", "_selected_action": [given.pk]}
    )
    given.refresh_from_db()
    assert given.withdrawn_at is not None
    assert not Collective.objects.published().exists()
    assert (
        AuditEvent.objects.filter(action="consent.withdrawn.profile", target=given.pk, actor=me.pk).count()
        == 1
    )


def test_a_page_that_is_withdrawn_takes_its_pin_and_the_yes_to_it_along(client, me, collective):
    ConsentFactory(collective=collective, kind=ConsentKind.MAP)
    chosen = list(collective.consents.in_force().values_list("pk", flat=True))
    page = collective.consents.get(kind=ConsentKind.PROFILE)
    list_of = reverse("admin:members_consent_changelist")
    client.post(list_of, {"action": "withdraw", "_selected_action": [page.pk]})
    assert not collective.consents.in_force().filter(pk__in=chosen).exists()
    assert not MapPin.objects.exists()
    assert sorted(action for action, _before, _after in trail(Consent)) == [
        "consent.withdrawn.map", "consent.withdrawn.profile",
    ]  # fmt: skip
