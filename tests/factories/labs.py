"""Labs and their members for tests; they speak in states."""

from datetime import timedelta

from django.utils import timezone
from factory import LazyFunction, Sequence, SubFactory, Trait, post_generation
from factory.django import DjangoModelFactory

from labs.models import Lab, LabMembership
from labs.services.applications import Application, apply
from members import vocabulary
from members.choices import ReviewState, TermKind
from members.models import PersonalProfile
from tests.factories.members import TermFactory, UserFactory, make_terms


def make_themes():
    """A few themes, and the words of collectives."""
    make_terms()
    for position, code in enumerate(["financing", "leadership", "recruitment", "regulation"]):
        TermFactory(kind=TermKind.THEME, code=code, position=position)
    vocabulary.forget()


class LabFactory(DjangoModelFactory):
    """A lab for collectives in both countries; `science=True` for one that does research."""

    class Meta:
        model = Lab
        django_get_or_create = ("code",)

    class Params:
        science = Trait(code="science", nl="Sciencelab", en="Science Lab", does_research=True)
        dutch = Trait(code="finance", nl="Financelab", en="Finance Lab", countries=["nl"])

    code = Sequence(lambda n: f"lab-{n}")
    nl = Sequence(lambda n: f"Proeflab {n}")
    en = Sequence(lambda n: f"Test Lab {n}")
    purpose_nl = "Samen uitzoeken wat werkt."
    purpose_en = "Finding out together what works."
    countries = ["nl", "be_vlg"]


class LabMembershipFactory(DjangoModelFactory):
    """An accepted member, who confirmed today; `name_for` is the audience of the name.

    `pending=True` waits without being in the queue: `make_application` puts one there as people do.
    """

    class Meta:
        model, skip_postgeneration_save = LabMembership, True

    class Params:
        pending = Trait(state=ReviewState.PENDING, decided_at=None, confirmed_at=None, confirm_by=None)

    lab = SubFactory(LabFactory)
    user = SubFactory(UserFactory)
    state = ReviewState.APPROVED
    organisation = Sequence(lambda n: f"Hogeschool {n:04}")
    function = "Lector"
    expertise = "Ik weet veel van coöperaties en hoe die aan geld komen."
    themes = ["financing"]
    sectors = ["energy"]
    regions = ["NL-OV"]
    brings = "Tijd om mee te denken."
    website = "https://hogeschool.example/"
    declaration = "[2026-1] Ik verkoop hier niets."
    decided_at = LazyFunction(timezone.now)
    confirmed_at = LazyFunction(timezone.now)
    confirm_by = LazyFunction(lambda: timezone.localdate() + timedelta(days=365))

    @post_generation
    def name_for(self, create, extracted, **kwargs):
        audiences = {"name": extracted} if extracted else {}
        PersonalProfile.objects.update_or_create(user=self.user, defaults={"audiences": audiences})


APPLICATION = Application(
    organisation="Hogeschool Voorbeeld",
    function="Lector",
    expertise="Ik weet veel van coöperaties en hoe die aan geld komen.",
    themes=["financing"],
    sectors=["energy"],
    regions=["NL-OV"],
    brings="Tijd om mee te denken.",
    website="https://hogeschool.example/",
    capacity=2,
)


def make_application(lab=None, user=None):
    """An application as people make it: it waits in the queue."""
    lab, user = lab or LabFactory(science=True), user or UserFactory()
    assert apply(user, lab, APPLICATION)
    return LabMembership.objects.select_related("lab", "user").get(lab=lab, user=user, ended_at=None)
