"""A person's own profile: each part for whom it is meant, and nobody else."""

import io
import itertools

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from collectievekracht.common import storage
from members import vocabulary
from members.choices import Audience, ReviewState, Role, TermKind
from members.models import PersonalProfile
from members.personal_page import FIELDS, personal_page
from tests.factories.members import CollectiveFactory, MembershipFactory, TermFactory, UserFactory
from tests.factories.signing_in import give_factor, sign_in

pytestmark = pytest.mark.django_db
MINE = "/mijn/profiel/"
GIVEN = {
    "name": "Anna de Wit",
    "function": "Penningmeester",
    "about": "Ik weet veel van zonnedaken.",
    "languages": ["nl", "fy"],
    "topics": ["financing"],
} | {f"see_{field}": Audience.NOBODY for field in FIELDS}
SHOWN = {
    "name": "Anna de Wit",
    "function": "Penningmeester",
    "about": "zonnedaken",
    "languages": "Fries",
    "topics": "Financiering",
    "photo": "/foto/",
    "collectives": "Zonnig Dorp",
}


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    monkeypatch.setattr(storage, "private_storage", storage.PrivateFiles(location=str(tmp_path)))


@pytest.fixture
def themes():
    TermFactory(kind=TermKind.THEME, code="financing", nl="Financiering", en="Financing")
    vocabulary.forget()
    yield
    vocabulary.forget()


@pytest.fixture
def anna(themes):
    """A person who tells everything, and shows nothing yet."""
    anna = UserFactory(name="Anna de Wit")
    MembershipFactory(user=anna, collective=CollectiveFactory(published=True, name="Zonnig Dorp"))
    MembershipFactory(user=anna, collective=CollectiveFactory(name="Nog niet openbaar"))
    storage.write_atomically("photos/x.webp", b"x")
    told = {key: GIVEN[key] for key in ("function", "about", "languages", "topics")}
    PersonalProfile.objects.create(user=anna, photo="photos/x.webp", **told)
    return anna


def show(person, **audiences):
    PersonalProfile.objects.filter(user=person).update(audiences=audiences)
    person.profile.refresh_from_db()


def readers():
    """Who may read, and which audiences hold them."""
    waiting = CollectiveFactory(state=ReviewState.PENDING)
    return {
        "visitor": (None, {Audience.EVERYONE}),
        "newcomer": (UserFactory(), {Audience.EVERYONE}),
        "of one that waits": (MembershipFactory(collective=waiting).user, {Audience.EVERYONE}),
        "member": (
            MembershipFactory(collective=CollectiveFactory(published=True), role=Role.COLLEAGUE).user,
            {Audience.EVERYONE, Audience.MEMBERS},
        ),
        "admin": (give_factor(UserFactory(admin=True)), {Audience.EVERYONE, Audience.MEMBERS}),
    }


def enter(client, user):
    client.logout()
    if user:
        sign_in(client, user, second_factor=user.is_staff)


@pytest.mark.parametrize("field", FIELDS)
def test_each_part_is_for_its_own_readers(client, anna, field):
    """A reader sees a part when they may see the name and the part; the template gets nothing else."""
    url = reverse("members:person", args=[anna.profile.handle])
    for reader, audiences in readers().values():
        enter(client, reader)
        for of_name, of_field in itertools.product(Audience, Audience):
            show(anna, **({"name": of_name} | ({field: of_field} if field != "name" else {})))
            answer = client.get(url)
            if of_name not in audiences:
                assert answer.status_code == 404
                continue
            text = answer.content.decode()
            sees = field == "name" or of_field in audiences
            assert (SHOWN[field] in text) is sees, (field, of_name, of_field)
            hidden = [one for one in FIELDS if one not in ("name", field)]
            assert not any(SHOWN[one] in text for one in hidden)
            assert "Nog niet openbaar" not in text


def test_what_is_for_nobody_never_reaches_the_template(anna):
    show(anna, name=Audience.EVERYONE)
    page = personal_page(anna.profile, AnonymousUser())
    assert (page.name, page.function, page.about, page.photo_url) == ("Anna de Wit", "", "", "")
    assert (page.languages, page.topics, page.collectives) == ([], [], [])


def test_hidden_and_unknown_are_the_same(client, anna):
    said = set()
    for handle in (anna.profile.handle, "bestaatniet1"):
        page = client.get(reverse("members:person", args=[handle]))
        photo = client.get(reverse("members:person_photo", args=[handle]))
        assert (page.status_code, photo.status_code) == (404, 404)
        said.add(page.content.decode().replace(handle, "…"))
    assert len(said) == 1


def test_photo_has_the_same_door(client, anna):
    url = reverse("members:person_photo", args=[anna.profile.handle])
    for reader, audiences in readers().values():
        enter(client, reader)
        for of_name, of_photo in itertools.product(Audience, Audience):
            show(anna, name=of_name, photo=of_photo)
            may = of_name in audiences and of_photo in audiences
            assert client.get(url).status_code == (200 if may else 404)
    enter(client, anna)
    assert client.get(url)["Cache-Control"].count("private") == 1
    storage.delete("photos/x.webp")
    assert client.get(url).status_code == 404


def test_who_may_not_sign_in_or_has_no_name_is_not_seen(client, anna):
    show(anna, name=Audience.EVERYONE)
    url = reverse("members:person", args=[anna.profile.handle])
    assert client.get(url).status_code == 200
    type(anna).objects.filter(pk=anna.pk).update(is_active=False)
    assert client.get(url).status_code == 404
    type(anna).objects.filter(pk=anna.pk).update(is_active=True, name="")
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_for_one_and_three(client, anna, count, django_assert_num_queries):
    for _ in range(count):
        MembershipFactory(user=anna, collective=CollectiveFactory(published=True))
    show(anna, **dict.fromkeys(FIELDS, Audience.EVERYONE))
    url = reverse("members:person", args=[anna.profile.handle])
    client.get(url)
    with django_assert_num_queries(2):
        client.get(url)


def test_looking_at_my_profile_writes_nothing(client):
    client.force_login(UserFactory())
    assert client.get(MINE).status_code == 200
    assert not PersonalProfile.objects.exists()


def test_what_i_save_is_there(client, themes):
    person = UserFactory(name="")
    client.force_login(person)
    answer = client.post(MINE, GIVEN | {"see_name": "members", "see_about": "everyone"})
    assert answer["Location"] == MINE
    profile = PersonalProfile.objects.get(user=person)
    person.refresh_from_db()
    assert (person.name, profile.function, profile.about) == (
        GIVEN["name"],
        GIVEN["function"],
        GIVEN["about"],
    )
    assert (profile.languages, profile.topics) == (["nl", "fy"], ["financing"])
    assert {field: seen for field, seen in profile.audiences.items() if seen != "nobody"} == {
        "name": "members",
        "about": "everyone",
    }
    text = client.get(MINE).content.decode()
    assert GIVEN["about"] in text


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        *itertools.product(["name", "function", "about"], ["\0", "x\u202ey", "a" * 100_000]),
        ("name", ""),
        ("name", "a\r\nBcc: x@y.example"),
        ("languages", ["nl", "klingon"]),
        ("topics", ["geen-thema"]),
        ("see_name", "admins"),
        ("see_about", ""),
    ],
)
def test_wrong_input_is_told_and_kept(client, themes, field, bad):
    client.force_login(UserFactory(name="Was Anders"))
    answer = client.post(MINE, GIVEN | {field: bad})
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert "data-error-summary" in answer.content.decode()
    other = "function" if field != "function" else "about"
    assert GIVEN[other] in answer.content.decode()
    assert not PersonalProfile.objects.exists()


def test_ten_topics_at_most(client):
    for number in range(11):
        TermFactory(kind=TermKind.THEME, code=f"t{number}")
    vocabulary.forget()
    client.force_login(UserFactory())
    answer = client.post(MINE, GIVEN | {"topics": [f"t{number}" for number in range(11)]})
    assert "topics" in answer.context["form"].errors
    vocabulary.forget()


def test_extra_fields_have_no_effect(client, themes):
    person, other = UserFactory(), UserFactory()
    client.force_login(person)
    extra = {
        "handle": "beheer",
        "photo": "reports/1.pdf",
        "user": other.pk,
        "is_staff": "on",
        "email": "x@y.example",
    }
    client.post(MINE, GIVEN | extra)
    profile = PersonalProfile.objects.get()
    person.refresh_from_db()
    assert (profile.user, profile.photo, person.is_staff) == (person, "", False)
    assert profile.handle != "beheer"
    assert person.email != "x@y.example"


@pytest.mark.django_db(transaction=True)
def test_a_new_photo_replaces_the_file_and_removing_takes_it_away(client, tmp_path):
    person = UserFactory()
    client.force_login(person)
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "PNG")
    kept = []
    for _ in range(2):
        client.post(f"{MINE}foto/", {"photo": SimpleUploadedFile("x.png", out.getvalue())})
        kept.append(PersonalProfile.objects.get(user=person).photo)
    assert kept[0] != kept[1]
    assert [storage.exists(name) for name in kept] == [False, True]
    client.post(f"{MINE}foto/", {"act": "remove"})
    assert not storage.exists(kept[1])
    assert PersonalProfile.objects.get(user=person).photo == ""


def test_signed_out_one_goes_to_sign_in(client):
    for path in (MINE, f"{MINE}foto/"):
        answer = client.post(path)
        assert (answer.status_code, "/account/login/" in answer["Location"]) == (302, True)
    assert client.get(f"{MINE}foto/").status_code == 405
