"""A platform in small: at least one row of everything that has an address."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from PIL import Image

from collectievekracht.common import audit, storage
from collectievekracht.pages.models import Campaign, CampaignDay, FaqEntry, Invitation, Page
from labs.models import Lab, LabMembership
from members.choices import Audience, ConsentKind, Direction, Role, WorkKind
from members.models import (
    AbuseReport,
    Collective,
    CollectiveProfile,
    DataExport,
    Erasure,
    ImportBatch,
    JoinRequest,
    Membership,
    PersonalProfile,
    ServiceOffer,
    User,
    WorkItem,
)
from members.notification_kinds import LET_IN, facts_of
from members.notifications import notify
from members.personal_page import FIELDS
from members.services import abuse, work
from members.services.access import request_access
from members.services.contributions import record_contribution
from members.services.memberships import invite_colleague
from newsletter.models import Subscriber
from newsletter.services import subscribe
from selfscan import publication
from selfscan.models import BenchmarkSnapshot, Response
from tests.factories.labs import LabFactory, LabMembershipFactory, make_application
from tests.factories.members import (
    CollectiveFactory,
    ConsentFactory,
    MembershipFactory,
    ProfileFactory,
    UserFactory,
)
from tests.factories.pages import InvitationFactory
from tests.factories.people import DataExportFactory, ErasureFactory
from tests.factories.selfscan import ResponseFactory
from tests.factories.signing_in import give_factor
from tests.factories.waiting import waiting_scan

PDF = b"%PDF-1.7\n%%EOF\n"


@dataclass
class World:
    """Who and what there is."""

    published: Collective
    draft: Response
    other_draft: Response
    sent: Response
    subscriber: Subscriber
    join: JoinRequest
    revision: CollectiveProfile
    campaign: Campaign
    batch: ImportBatch
    text: Page
    question: FaqEntry
    admin: User
    representative: User
    invitation: Invitation
    offer: ServiceOffer
    report: AbuseReport
    lab_member: LabMembership  # of the representative, in the Supporterslab
    application: LabMembership
    colleague: Membership
    invited: JoinRequest
    peer: Collective  # agreed to be shown to collectives like it

    @property
    def work(self) -> WorkItem:
        return WorkItem.objects.get(kind=WorkKind.SCAN)

    @property
    def copy(self) -> DataExport:
        return DataExport.objects.get(user=self.representative)

    @property
    def erasure(self) -> Erasure:
        return Erasure.objects.get()

    def row_of(self, label: str) -> Any:
        """The number of a row of this model, for its pages in the admin; a model without any fails."""
        model = next(model for model in admin.site._registry if model._meta.label_lower == label)
        return model._default_manager.order_by("pk").values_list("pk", flat=True)[0]


def make_peer() -> Collective:
    """A collective that others find among those like it."""
    peer = CollectiveFactory(published=True, name="Ook Zonnig", slug="ook-zonnig")
    ConsentFactory(collective=peer, kind=ConsentKind.ALIKE)
    return peer


def make_world(monkeypatch) -> World:
    """Everything once; needs the fixture `instrument`, and leaves the PDF of the report to other tests."""
    monkeypatch.setattr(publication, "render_report", lambda response: PDF)
    person = UserFactory(email="bestuur@wereld.example", name="Bo Bestuur")
    published = CollectiveFactory(published=True, name="Zonnig Dorp", slug="zonnig-dorp")
    MembershipFactory(user=person, collective=published)
    colleague = MembershipFactory(
        user=UserFactory(email="cas@wereld.example", name="Cas Collega"),
        collective=published,
        role=Role.COLLEAGUE,
    )
    photo = BytesIO()
    Image.new("RGB", (160, 160), "teal").save(photo, "WEBP")
    storage.write_atomically("photos/wereld.webp", photo.getvalue())
    copy = DataExportFactory(user=person, ready=True)
    storage.write_atomically(copy.file, b"PK\x05\x06" + bytes(18))
    ErasureFactory(user=UserFactory(email="gaat@wereld.example", name="Gijs Gaat"))
    revision = ProfileFactory(
        collective=published, description="Een nieuwe tekst die nog wacht op de beheerder."
    )
    work.open_work(WorkKind.REVISION, revision.pk, title=revision.name, collective=published)
    request_access(published, name="Jan", email="jan@wereld.example", message="Ik hoor erbij.", language="nl")
    sent = waiting_scan(org_name="Wachtend Collectief", contact_email="wacht@wereld.example")
    publication.build_report(sent.pk, str(sent.version))
    publication.mail_report(sent.pk, str(sent.version))
    subscribe("lezer@wereld.example", language="nl", channel="test", text_version="1")
    BenchmarkSnapshot.objects.create(quarter="2026Q1", scoring_version="1", taken_at=timezone.now())
    audit.record(None, "test", published)
    batch = ImportBatch.objects.create(file_name="leden.csv", counts={"refused": 1}, content=b"x")
    batch.lines.create(number=2, outcome="refused", name="Kleine Molen", problems=[["required", "place", {}]])
    campaign = Campaign.objects.create(code="beurs", name="Voorjaarsbeurs")
    CampaignDay.objects.create(campaign=campaign, day=timezone.localdate(), arrivals=3)
    science = {
        "nl": "Sciencelab",
        "en": "Science Lab",
        "purpose_nl": "Onderzoek samen.",
        "purpose_en": "Research together.",
    }
    Lab.objects.get_or_create(code="science", defaults=science)
    notify(LET_IN, [person.pk], key="world", facts=facts_of(published))
    for owner in ({"collective_id": published.pk}, {"user_id": person.pk}):
        line = {"key": f"world {owner}", "facts": {"reference": "ZS-1"}}
        record_contribution("selfscan.scan", Direction.GAVE, **line, **owner)
    boss = give_factor(UserFactory(admin=True, email="beheer@wereld.example", name="Ada Beheer"))
    lab = LabFactory(code="supporters", nl="Supporterslab", en="Supporters Lab")
    lab_member = LabMembershipFactory(user=person, lab=lab)
    shown = dict.fromkeys(FIELDS, Audience.EVERYONE)
    PersonalProfile.objects.filter(user=person).update(audiences=shown, photo="photos/wereld.webp")
    return World(
        published=published,
        draft=ResponseFactory(draft=True),
        other_draft=ResponseFactory(draft=True, code="example_care"),
        sent=sent,
        subscriber=Subscriber.objects.get(email="lezer@wereld.example"),
        join=JoinRequest.objects.waiting().get(),
        revision=revision,
        campaign=campaign,
        batch=batch,
        text=Page.objects.create(
            code="plannen", title_nl="Plannen", title_en="Plans", body_nl="Een tekst.", body_en="A text."
        ),
        question=FaqEntry.objects.create(
            code="vraag",
            group="data",
            question_nl="Wat?",
            question_en="What?",
            answer_nl="Dit.",
            answer_en="This.",
        ),
        admin=boss,
        representative=person,
        invitation=InvitationFactory(inviter=person, collective=published),
        offer=published.offers.create(
            kind="venue", title="Dorpszaal met keuken", regions=["NL-OV"], capacity=80
        ),
        report=abuse.report_abuse(
            abuse.thing_at(published.get_absolute_url()),
            address=published.get_absolute_url(),
            reason="wrong",
            text="Dit klopt niet meer.",
            reporter=None,
            email="melder@wereld.example",
            language="nl",
        ),
        lab_member=lab_member,
        application=make_application(user=UserFactory(email="lector@wereld.example", name="Lies Lector")),
        colleague=colleague,
        invited=invite_colleague(published, "genodigd@wereld.example", person, language="nl"),
        peer=make_peer(),
    )


def content_type_of(model: type) -> int:
    """The number in an admin's "see on site" address."""
    return ContentType.objects.get_for_model(model).pk


def factor_of(user: User) -> int:
    """The number of this person's second factor."""
    return Authenticator.objects.get(user=user).pk
