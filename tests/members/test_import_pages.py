"""Imports in the admin: a file is checked, brought in, reported and undone; nobody else gets near."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from members.models import Collective, DirectoryEntry, ImportBatch, WorkItem
from tests.factories.members import UserFactory
from tests.factories.signing_in import enter_admin, give_factor, sign_in
from tests.members.imports import GOOD, csv_bytes, xlsx_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("terms")]
ADD = "/beheer/members/importbatch/add/"


def upload(client, content, name="leden.csv", **data):
    return client.post(ADD, {"file": SimpleUploadedFile(name, content), **data})


def at(name, batch):
    return reverse(f"admin:import_{name}", args=[batch.pk])


@pytest.mark.parametrize("make", [csv_bytes, xlsx_bytes])
def test_a_file_is_checked_brought_in_and_undone(client, make):
    me = enter_admin(client)
    answer = upload(client, make(GOOD, GOOD | {"key": "2", "place": "Nergens"}))
    batch = ImportBatch.objects.get()
    assert answer.url == at("overview", batch)
    assert Collective.objects.count() == 0

    page = client.get(answer.url).content.decode()
    assert "plaats: we kennen geen plaats met deze naam. Kijk de spelling na." in page
    assert "Breng het bestand in" in page

    assert client.post(at("apply", batch)).url == answer.url
    assert client.post(at("apply", batch)).url == answer.url
    assert list(DirectoryEntry.objects.values_list("name", flat=True)) == ["Zonnig Dorp"]
    batch.refresh_from_db()
    assert (batch.state, batch.content, batch.made_by) == ("applied", None, me)
    assert "Maak ongedaan" in client.get(answer.url).content.decode()

    client.post(at("undo", batch))
    assert Collective.objects.count() == 0
    assert "weer weg" in client.get(f"/beheer/members/importbatch/{batch.pk}/change/").content.decode()


def test_what_is_too_old_to_undo_says_so(client):
    enter_admin(client)
    upload(client, csv_bytes(GOOD))
    batch = ImportBatch.objects.get()
    client.post(at("apply", batch))
    assert "Dat kan tot en met" in client.get(at("overview", batch)).content.decode()
    ImportBatch.objects.update(applied_at=timezone.now() - timedelta(days=91))
    assert at("undo", batch) not in client.get(at("overview", batch)).content.decode()
    answer = client.post(at("undo", batch), follow=True).content.decode()
    assert "kun je niet meer ongedaan maken" in answer
    assert Collective.objects.count() == 1


def test_texts_can_wait(client):
    enter_admin(client)
    upload(client, csv_bytes(GOOD), texts_wait="on")
    client.post(at("apply", ImportBatch.objects.get()))
    assert (DirectoryEntry.objects.count(), WorkItem.objects.count()) == (0, 1)


def test_the_report_is_safe_to_open(client):
    enter_admin(client)
    upload(client, csv_bytes(GOOD | {"name": "=1+1"}, GOOD))
    lines = client.get(at("report", ImportBatch.objects.get())).getvalue().decode("utf-8-sig").splitlines()
    assert lines == [
        "Rij;Collectief;Resultaat;Opmerkingen",
        '2;\'=1+1;geweigerd;"naam: het begint met =, dus een rekenblad kan het als formule uitvoeren. Laat dat teken weg."',
        "3;Zonnig Dorp;gemaakt;",
    ] or lines[1] == (
        "2;'=1+1;geweigerd;naam: het begint met =, dus een rekenblad kan het als formule uitvoeren. Laat dat teken weg."
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Dit bestand is leeg."),
        (b"PK\x03\x04kapot", "Dit XLSX-bestand is niet te lezen."),
        (b"naam;plaats\n", "Er staan geen rijen onder de kop."),
        (b"x" * 5_000_001, "Dit bestand is te groot: 5 MB is hier het meeste."),
        (b"naam;plaats\n" + b"a;Zwolle\n" * 2_001, "Meer dan 2.000 rijen is hier te veel."),
        (b"%PDF-1.7", "We kennen de kolom"),
    ],
)
def test_a_file_that_can_not_be_used_says_so_and_leaves_nothing(client, content, words):
    enter_admin(client)
    answer = upload(client, content)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert ImportBatch.objects.count() == 0


def test_without_a_file_it_asks_for_one(client):
    enter_admin(client)
    assert "Kies een bestand." in client.post(ADD, {"file": "x"}).content.decode()


def test_a_file_can_be_thrown_away_until_it_was_brought_in(client):
    enter_admin(client)
    upload(client, csv_bytes(GOOD))
    client.post(at("discard", ImportBatch.objects.get()))
    assert ImportBatch.objects.count() == 0

    upload(client, csv_bytes(GOOD))
    batch = ImportBatch.objects.get()
    client.post(at("apply", batch))
    client.post(at("discard", batch))
    assert ImportBatch.objects.get().state == "applied"


def test_the_templates_are_files(client):
    enter_admin(client)
    assert (
        client.get(reverse("admin:import_csv"))["Content-Disposition"]
        == 'attachment; filename="collectieven-sjabloon.csv"'
    )
    assert client.get(reverse("admin:import_xlsx")).content[:2] == b"PK"


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_an_import_asks_as_often_for_any_number_of_rows(
    client, count, django_assert_max_num_queries
):
    enter_admin(client)
    upload(client, csv_bytes(*(GOOD | {"key": str(n), "name": f"Dorp {n}"} for n in range(count))))
    batch = ImportBatch.objects.get()
    client.post(at("apply", batch))
    client.get(at("overview", batch))
    with django_assert_max_num_queries(8):
        client.get(at("overview", batch))


def test_nobody_without_a_second_factor_gets_near(client):
    sign_in(client, give_factor(UserFactory(admin=True)), second_factor=False)
    assert upload(client, csv_bytes(GOOD)).url == reverse("admin:second_factor")
    sign_in(client, UserFactory())
    assert upload(client, csv_bytes(GOOD)).status_code == 404
    assert ImportBatch.objects.count() == 0
