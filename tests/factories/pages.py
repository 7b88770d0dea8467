"""Invitations for tests."""

from factory import Sequence, SubFactory
from factory.django import DjangoModelFactory

from collectievekracht.pages.models import Invitation


class InvitationFactory(DjangoModelFactory):
    """An invitation as a collective, by somebody on behalf of a published collective."""

    class Meta:
        model = Invitation

    inviter = SubFactory("tests.factories.members.UserFactory")
    collective = SubFactory("tests.factories.members.CollectiveFactory", published=True)
    address_hash = Sequence(lambda n: f"{n:064}")
    kind = "collective"
    token = Sequence(lambda n: f"uitnodiging-{n:020}")
