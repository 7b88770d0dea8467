"""Every table that can hold something of a person is named by who lists and erases it, or says here why not."""

from collections.abc import Iterable

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.test.utils import isolate_apps

from collectievekracht.common import registry

# Tables with words or links in which nothing stands of a person, and why.
NOTHING_OF_PEOPLE = {
    "selfscan.Instrument": "the published questionnaire",
    "selfscan.IndicatorScore": "figures of a collective's scan",
    "selfscan.Report": "where a collective's report lies; the report holds no address",
    "selfscan.BenchmarkSnapshot": "a quarter",
    "selfscan.BenchmarkEntry": "figures of a collective",
    "selfscan.BenchmarkGroup": "figures of groups of collectives",
    "labs.Lab": "the team's words about a lab",
    "members.Term": "the vocabulary of the instrument",
    "members.Consent": "what a collective agreed to, with the words; who spoke for it is its membership",
    "members.DirectoryEntry": "a copy of a collective's public page, kept by the database",
    "members.MapBits": "public facts of collectives, as bits",
    "members.CollectiveTraits": "facts of a collective",
    "pages.Page": "what the team publishes",
    "pages.FaqEntry": "what the team publishes",
    "pages.Campaign": "a poster or flyer of the team",
    "common.Promise": "names of tasks and numbers of rows; an error's class, never its text",
    "common.ReleasedFigure": "published figures",
    "common.Heartbeat": "names of processes",
    "auth.Permission": "names of rights",
    "auth.Group": "names of groups; who is in them is members.User_groups",
    "contenttypes.ContentType": "names of tables",
    "socialaccount.SocialApp": "the platform's own key at an institution",
}
WORDS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.GenericIPAddressField,
         models.FileField)  # fmt: skip


def may_be_personal(field: models.Field) -> bool:
    """A link to a person, or anything in which words can stand that are not one of a fixed choice."""
    if isinstance(field, ArrayField):
        return may_be_personal(field.base_field)
    if field.is_relation:
        return isinstance(field, models.ForeignKey) and field.related_model is get_user_model()
    if field.name in ("actor", "user_id", "actor_id"):
        return True
    return isinstance(field, WORDS) and not field.choices


def holding_people(found: Iterable[type[models.Model]]) -> set[str]:
    return {
        model._meta.label
        for model in found
        if not model._meta.proxy and any(map(may_be_personal, model._meta.concrete_fields))
    }


def registered() -> set[str]:
    return {label for entry in registry.personal_data for label in entry.models}


def unnamed(found: Iterable[type[models.Model]], named: set[str]) -> set[str]:
    """Tables that may hold something of a person, and of which nobody says who erases it."""
    return holding_people(found) - named - set(NOTHING_OF_PEOPLE)


def all_models():
    return apps.get_models(include_auto_created=True)


def test_every_table_that_can_hold_something_of_a_person_is_named():
    assert unnamed(all_models(), registered()) == set()


def test_what_is_named_exists_and_needs_no_reason_beside_it():
    labels = {model._meta.label for model in all_models()}
    assert registered() - labels == set()
    assert set(NOTHING_OF_PEOPLE) - labels == set()
    assert registered() & set(NOTHING_OF_PEOPLE) == set()


def test_a_table_is_named_once():
    named = [label for entry in registry.personal_data for label in entry.models]
    assert sorted(named) == sorted(set(named))


@pytest.mark.parametrize("label", sorted(
    {"members.User", "members.JoinRequest", "members.Notification", "newsletter.Subscriber", "common.SentMail",
     "sessions.Session", "account.EmailAddress", "pages.HistoricalPage", "members.User_groups", "common.AuditEvent"}
))  # fmt: skip
def test_a_table_that_nobody_names_is_found(label):
    assert unnamed(all_models(), registered() - {label}) == {label}


@isolate_apps()
def test_a_new_table_is_found_by_each_kind_of_field():
    def made(name, **fields):
        inside = {"__module__": __name__, "Meta": type("Meta", (), {"app_label": "members"})}
        return type(name, (models.Model,), inside | fields)

    found = {
        made("Linked", person=models.ForeignKey(get_user_model(), models.CASCADE)),
        made("Mailed", to=models.EmailField()),
        made("Worded", words=models.CharField(max_length=10)),
        made("Told", facts=models.JSONField()),
        made("Listed", names=ArrayField(models.CharField(max_length=10))),
        made("Signed", actor=models.BigIntegerField()),
        made(
            "Counted",
            number=models.IntegerField(),
            state=models.CharField(max_length=1, choices=[("a", "A")]),
        ),
    }
    assert unnamed(found, registered()) == {
        "members.Linked", "members.Mailed", "members.Worded", "members.Told", "members.Listed", "members.Signed",
    }  # fmt: skip
