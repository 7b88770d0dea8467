"""What belongs to people, and what they give and get, for tests."""

from datetime import timedelta

from django.utils import timezone
from factory import LazyAttribute, LazyFunction, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory

from members.choices import AbuseReason, Direction, ExportState, OfferKind, Pace, WorkKind
from members.models import (
    AbuseReport,
    CollectiveTraits,
    ContactMessage,
    Contribution,
    DataExport,
    Erasure,
    Notification,
    NotificationChoice,
    PersonalProfile,
    ServiceOffer,
    WorkItem,
)
from tests.factories.members import CollectiveFactory, UserFactory


class PersonalProfileFactory(DjangoModelFactory):
    """A personal profile; `open=True`: everybody may read every field."""

    class Meta:
        model = PersonalProfile
        django_get_or_create = ("user",)

    class Params:
        open = Trait(
            audiences=dict.fromkeys(("name", "function", "about", "photo", "languages", "topics"), "everyone")
        )

    user = SubFactory(UserFactory)
    function = "Penningmeester"
    about = "Ik doe de boekhouding, en weet veel van zonnedaken."
    languages = ["nl"]


class NotificationFactory(DjangoModelFactory):
    """Something a person was told just now; `read=True` when they read it."""

    class Meta:
        model = Notification

    class Params:
        read = Trait(read_at=LazyFunction(timezone.now))

    user = SubFactory(UserFactory)
    kind = "membership.person_left"
    key = Sequence(lambda n: f"melding:{n}")
    made_at = LazyFunction(timezone.now)


class NotificationChoiceFactory(DjangoModelFactory):
    """A person who wants to be mailed about one kind once a week."""

    class Meta:
        model = NotificationChoice

    user = SubFactory(UserFactory)
    kind = Sequence(lambda n: f"soort_{n}")
    pace = Pace.WEEKLY


class DataExportFactory(DjangoModelFactory):
    """A copy in the making; `ready=True` for one with a row (and no file), `failed=True` for one that went wrong."""

    class Meta:
        model = DataExport

    class Params:
        ready = Trait(
            state=ExportState.READY,
            ready_at=LazyFunction(timezone.now),
            expires_at=LazyFunction(lambda: timezone.now() + timedelta(days=7)),
            file=LazyAttribute(lambda copy: f"copies/{copy.token}.zip"),
        )
        failed = Trait(state=ExportState.FAILED)

    user = SubFactory(UserFactory)
    token = Sequence(lambda n: f"kopie-{n:020}")
    asked_at = LazyFunction(timezone.now)


class ErasureFactory(DjangoModelFactory):
    """Somebody asked to be erased today; `due=True`: 30 days ago."""

    class Meta:
        model = Erasure

    class Params:
        due = Trait(asked_at=LazyFunction(lambda: timezone.now() - timedelta(days=30, minutes=1)))

    user = SubFactory(UserFactory)
    asked_at = LazyFunction(timezone.now)
    due_at = LazyAttribute(lambda erasure: erasure.asked_at + timedelta(days=30))


class ContributionFactory(DjangoModelFactory):
    """A line of a collective in the ledger; `of_person=True` for one of a person alone."""

    class Meta:
        model = Contribution

    class Params:
        of_person = Trait(collective=None, user=SubFactory(UserFactory))

    collective = SubFactory(CollectiveFactory)
    kind = "scan.completed"
    direction = Direction.GAVE
    key = Sequence(lambda n: f"regel:{n}")


class ServiceOfferFactory(DjangoModelFactory):
    """A hall for hire."""

    class Meta:
        model = ServiceOffer

    collective = SubFactory(CollectiveFactory, published=True)
    kind = OfferKind.VENUE
    title = "Een zaal in het dorp"
    regions = ["NL-OV"]


class CollectiveTraitsFactory(DjangoModelFactory):
    """By what a collective is like others."""

    class Meta:
        model = CollectiveTraits
        django_get_or_create = ("collective",)

    collective = SubFactory(CollectiveFactory, published=True)
    founding_year = 2014
    sectors = ["energy"]
    region = "NL-OV"


class AbuseReportFactory(DjangoModelFactory):
    """A visitor says that a page is not right."""

    class Meta:
        model = AbuseReport

    about = "members.collective"
    target_id = 1
    address = "/collectieven/zonnig-dorp/"
    reason = AbuseReason.WRONG
    text = "Dit klopt niet."


class ContactMessageFactory(DjangoModelFactory):
    """A visitor wrote to a collective."""

    class Meta:
        model = ContactMessage

    collective = SubFactory(CollectiveFactory, published=True)
    name = "Bezoeker"
    email = Sequence(lambda n: f"bezoeker{n}@voorbeeld.example")
    message = "Mag ik eens langskomen?"


class WorkItemFactory(DjangoModelFactory):
    """Open work for the team."""

    class Meta:
        model = WorkItem

    kind = WorkKind.SCAN
    target_id = Sequence(lambda n: n + 1)
    title = "Een zelfscan"
    due_at = LazyFunction(timezone.now)
