"""A person of whom every table that may hold something holds a row."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from collectievekracht.common import audit, storage, suppressions
from collectievekracht.common.mail import send
from collectievekracht.common.models import FormKey, SentMail
from collectievekracht.pages.models import FaqEntry, Page, PutAway
from collectievekracht.pages.services.invitations import mark_of
from labs.models import LabMembershipChange
from members.choices import ReviewState, WorkKind
from members.import_columns import COLUMNS
from members.models import ImportBatch, ImportedCollective, ImportLine, StateChange, User
from newsletter.models import Subscriber
from tests.factories.labs import LabMembershipFactory
from tests.factories.members import (
    CollectiveFactory,
    JoinRequestFactory,
    MembershipFactory,
    ProfileFactory,
    UserFactory,
)
from tests.factories.pages import InvitationFactory
from tests.factories.people import (
    AbuseReportFactory,
    ContactMessageFactory,
    ContributionFactory,
    DataExportFactory,
    ErasureFactory,
    NotificationChoiceFactory,
    NotificationFactory,
    PersonalProfileFactory,
    ServiceOfferFactory,
    WorkItemFactory,
)
from tests.factories.selfscan import ResponseFactory
from tests.factories.signing_in import give_factor


def seeded_person(marker: str, *, admin: bool = True) -> User:
    """A person in every table. The marker stands in their name, in both addresses, and in every word of their own."""
    main, second = f"{marker}@voorbeeld.example", f"tweede.{marker}@voorbeeld.example"
    user = UserFactory(email=main, name=f"{marker.title()} van Dam", is_staff=admin)
    EmailAddress.objects.create(user=user, email=second, verified=True)
    for sow in SOWN.values():
        sow(user, marker, second)
    return user


def _account(user, marker, second):
    give_factor(user)
    address = EmailAddress.objects.get(email=user.email)
    EmailConfirmation.objects.create(email_address=address, key=f"sleutel-{marker}", sent=timezone.now())
    social = SocialAccount.objects.create(
        user=user, provider="surfconext", uid=f"uid-{marker}", extra_data={"sub": marker, "email": user.email}
    )
    SocialToken.objects.create(account=social, token=f"token-{marker}")
    UserSession.objects.create(
        user=user, ip="203.0.113.9", user_agent=f"Browser van {marker}", session_key=f"s-{marker}"[:40]
    )
    user.groups.add(Group.objects.get_or_create(name="Team")[0])
    user.user_permissions.add(Permission.objects.order_by("pk").first())


def _profile(user, marker, second):
    photo = storage.write_atomically(f"photos/{marker}.jpg", f"foto van {marker}".encode())
    PersonalProfileFactory(
        user=user, function=f"Doet {marker}", about=f"Over {marker}", topics=[marker], photo=photo
    )


def _collectives(user, marker, second):
    collective = CollectiveFactory(published=True, contact_email=user.email)
    MembershipFactory(user=user, collective=collective)
    MembershipFactory(collective=collective, user__email=f"ander-{len(marker)}{user.pk}@voorbeeld.example")
    ProfileFactory(collective=collective, proposed_by=user)
    StateChange.objects.create(
        collective=collective,
        to_state=ReviewState.APPROVED,
        actor=user,
        reason=f"{user.name} belde, of mail {second}.",
    )
    ServiceOfferFactory(collective=collective, email=user.email)
    headings = [column.heading for column in COLUMNS]
    cells = [user.email if column.code == "contact_email" else "x" for column in COLUMNS]
    content = "\n".join(map(";".join, (headings, cells))).encode()
    batch = ImportBatch.objects.create(file_name="lijst.csv", sha256="0" * 64, content=content, made_by=user)
    ImportedCollective.objects.create(collective=collective, key=user.email, values={"email": user.email})
    ImportLine.objects.create(batch=batch, number=2, outcome="updated", before={"contact_email": user.email})


def _exchange(user, marker, second):
    ContributionFactory(of_person=True, user=user, facts={"about": f"Iets van {marker}"})
    ContributionFactory(user=user, facts={"who": user.name})


def _requests(user, marker, second):
    asked = JoinRequestFactory(user=user, name=user.name, email=user.email, message=f"Bericht van {marker}")
    for address in (user.email, second):
        ContactMessageFactory(name=user.name, email=address, message=f"Brief van {marker}")
    reported = AbuseReportFactory(reporter=user, text=f"Melding van {marker}", email=second)
    WorkItemFactory(kind=WorkKind.JOIN_REQUEST, target_id=asked.pk, title=f"{user.name} · iets")
    WorkItemFactory(kind=WorkKind.ABUSE, target_id=reported.pk, title=f"Melding van {user.name}")
    WorkItemFactory(title=f"Over {user.name}", claimed_by=user, claimed_at=timezone.now())
    JoinRequestFactory(name="Een ander", decided_by=user, reason=f"Van {user.name}: nee.", state="refused")


def _news(user, marker, second):
    NotificationFactory(user=user, facts={"words": f"Iets voor {marker}"})
    NotificationFactory(facts={"name": user.name, "mail": second})  # somebody else is told of this person
    NotificationChoiceFactory(user=user)
    copy = DataExportFactory(user=user, ready=True)
    storage.write_atomically(copy.file, f"kopie van {marker}".encode())
    ErasureFactory(user=user, cancelled_at=timezone.now() - timedelta(days=1))


def _labs(user, marker, second):
    member = LabMembershipFactory(user=user, organisation=f"Bij {marker}", expertise=f"Weet {marker}")
    LabMembershipChange.objects.create(
        membership=member, event="applied", actor=user, reason=f"Want {marker}"
    )
    WorkItemFactory(kind=WorkKind.APPLICATION, target_id=member.pk, title=f"{user.name} · Sciencelab")
    other = LabMembershipFactory()
    LabMembershipChange.objects.create(
        membership=other, event="declined", actor=user, reason=f"{user.name} zei nee"
    )


def _newsletter(user, marker, second):
    Subscriber.objects.create(email=second, channel="website", text_version="1", confirmed_at=timezone.now())


def _scans(user, marker, second):
    ResponseFactory(draft=True, email=user.email, typed={"org_name": f"Van {marker}"})
    sent = ResponseFactory(complete=True)
    sent.answers |= {"contact_email": second}
    sent.save()


def _machinery(user, marker, second):
    mail = {"template": "members/account", "kind": "account", "language": "nl"}
    send(
        mail["template"],
        to=user.email,
        key=f"een:{user.email}",
        kind="account",
        language="nl",
        context={"name": user.name},
    )
    SentMail.objects.create(
        key=f"twee-{marker[:3]}{user.pk}",
        to=f"ander{user.pk}@voorbeeld.example",
        reply_to=user.email,
        context={"name": user.name, "email": second},
        **mail,
    )
    suppressions.suppress(second, "mail:invitation")
    FormKey.objects.create(key=_uuid(user.pk), scope=f"invite:{user.pk}", answer={"answer": user.email})
    audit.record(user.pk, "test.seen", user)
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store["_auth_user_id"] = str(user.pk)
    store["account_email"] = user.email
    store.create()


def _uuid(number):
    return f"00000000-0000-4000-8000-{number:012}"


def _pages(user, marker, second):
    InvitationFactory(inviter=user, address_hash=f"{user.pk:064}")
    InvitationFactory(address_hash=mark_of(second))
    PutAway.objects.create(user=user, key="report-1")
    words = {"title_nl": "Plan", "title_en": "Plan", "body_nl": "Een tekst.", "body_en": "A text."}
    page = Page.objects.create(code=f"bladzij-{user.pk}", **words)
    page.history.update(history_user=user)
    asked = {"question_nl": "Wat?", "question_en": "What?", "answer_nl": "Dit.", "answer_en": "This."}
    entry = FaqEntry.objects.create(code=f"vraag-{user.pk}", group="data", **asked)
    entry.history.update(history_user=user)
    LogEntry.objects.create(
        user=user,
        action_flag=CHANGE,
        object_repr="iets",
        content_type=ContentType.objects.get_for_model(Page),
    )
    LogEntry.objects.create(
        user=UserFactory(),
        action_flag=CHANGE,
        object_id=str(user.pk),
        object_repr=user.name,
        content_type=ContentType.objects.get_for_model(User),
        change_message=f'[{{"changed": {{"name": "person", "object": "{user.email}"}}}}]',
    )


SOWN = {
    "account": _account,
    "profile": _profile,
    "collectives": _collectives,
    "exchange": _exchange,
    "requests": _requests,
    "news": _news,
    "labs": _labs,
    "newsletter": _newsletter,
    "scans": _scans,
    "machinery": _machinery,
    "pages": _pages,
}
