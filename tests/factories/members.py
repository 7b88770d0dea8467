"""People and collectives for tests; they speak in states."""

from allauth.account.models import EmailAddress
from factory import Faker, LazyAttribute, RelatedFactory, Sequence, SubFactory, Trait, post_generation
from factory.django import DjangoModelFactory, Password

from members import vocabulary
from members.choices import ConsentKind, PinPrecision, ReviewState, Role, TermKind
from members.models import Collective, CollectiveProfile, Consent, JoinRequest, MapPin, Membership, Term, User
from members.services.collectives import publish
from members.text import sort_key, summarise

PASSWORD = "een-lang-wachtwoord-42"


class UserFactory(DjangoModelFactory):
    """A person with a proven address; `admin=True` for a platform admin."""

    class Meta:
        model, skip_postgeneration_save = User, True

    class Params:
        admin = Trait(is_staff=True, is_superuser=True)

    email = Sequence(lambda n: f"persoon{n}@voorbeeld.example")
    name = Sequence(lambda n: f"Persoon {n}")
    password = Password(PASSWORD)

    @post_generation
    def verified(self, create, extracted, **kwargs):
        if create and extracted is not False:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


class TermFactory(DjangoModelFactory):
    """A word of the vocabulary."""

    class Meta:
        model = Term
        django_get_or_create = ("kind", "code")

    kind = TermKind.SECTOR
    code = "energy"
    nl = LazyAttribute(lambda term: f"{term.code} (nl)")
    en = LazyAttribute(lambda term: f"{term.code} (en)")


def make_terms():
    """The words that `ProfileFactory` uses, and a few more."""
    words = {
        TermKind.SECTOR: ["energy", "food", "care", "housing"],
        TermKind.LEGAL_FORM: ["nl_cooperative", "nl_association", "nl_foundation"],
        TermKind.SCALE: ["street", "village", "municipality"],
        TermKind.TARGET_GROUP: ["all_residents", "families"],
        TermKind.IMPACT: ["contact", "climate"],
        TermKind.OFFER: ["expertise", "venue"],
    }
    for kind, codes in words.items():
        for position, code in enumerate(codes):
            group = code.removeprefix("nl_") if kind == TermKind.LEGAL_FORM else ""
            TermFactory(kind=kind, code=code, position=position, group=group)
    vocabulary.forget()


class ProfileFactory(DjangoModelFactory):
    """A revision of a collective's public text; waiting unless a state is given."""

    class Meta:
        model = CollectiveProfile

    collective = SubFactory("tests.factories.members.CollectiveFactory")
    revision = Sequence(lambda n: n + 1)
    name = LazyAttribute(lambda profile: profile.collective.name)
    description = "Samen wekken wij stroom op voor ons dorp, op daken van school en sporthal."
    summary = LazyAttribute(lambda profile: summarise(profile.description))
    country = LazyAttribute(lambda profile: profile.collective.country)
    place_name = "Zwolle"
    place_id = 2743477
    region = "NL-OV"
    founding_year = 2014
    sectors = ["energy"]
    main_sector = LazyAttribute(lambda profile: profile.sectors[0] if profile.sectors else "")
    legal_form = "nl_cooperative"
    legal_form_group = "cooperative"
    geo_scale = "municipality"
    target_groups = ["all_residents"]
    impact_areas = ["climate"]
    offer_types = ["expertise"]
    offer_details = "We weten veel van zonnedaken."
    website = "https://collectief.example/"


class MapPinFactory(DjangoModelFactory):
    """A pin in the middle of Zwolle."""

    class Meta:
        model = MapPin

    collective = SubFactory("tests.factories.members.CollectiveFactory")
    latitude = 52.5125
    longitude = 6.09444
    precision = PinPrecision.PLACE


class ConsentFactory(DjangoModelFactory):
    """A yes in force."""

    class Meta:
        model = Consent

    collective = SubFactory("tests.factories.members.CollectiveFactory")
    kind = ConsentKind.PROFILE
    text = "Mogen we een openbare pagina over jullie collectief maken?"
    text_version = "2026.1 test"


class CollectiveFactory(DjangoModelFactory):
    """A collective that waits for a decision.

    `proposed=True`: with a waiting text and a pin, not public. `published=True`: approved, with a page and a pin.
    `profile__…` and `pin__…` set fields of the two (`pin=None`: no pin).
    """

    class Meta:
        model, skip_postgeneration_save = Collective, True

    class Params:
        proposed = Trait(
            profile=RelatedFactory(ProfileFactory, "collective"),
            pin=RelatedFactory(MapPinFactory, "collective"),
        )
        published = Trait(
            state=ReviewState.APPROVED,
            consent=RelatedFactory(ConsentFactory, "collective"),
            profile=RelatedFactory(ProfileFactory, "collective", state=ReviewState.APPROVED),
            pin=RelatedFactory(MapPinFactory, "collective"),
        )

    name = Sequence(lambda n: f"Energiecoöperatie {n}")
    slug = Sequence(lambda n: f"energie-{n}")
    sort_name = LazyAttribute(lambda collective: sort_key(collective.name))
    country = "nl"
    contact_email = LazyAttribute(lambda collective: f"{collective.slug}@collectief.example")

    @classmethod
    def _after_postgeneration(cls, instance, create, results=None):
        """What is approved and consented is public, by the service that does it for real."""
        if create and instance.state == ReviewState.APPROVED:
            publish(instance)


class MembershipFactory(DjangoModelFactory):
    """A person who represents a collective."""

    class Meta:
        model = Membership

    user = SubFactory(UserFactory)
    collective = SubFactory(CollectiveFactory)
    role = Role.REPRESENTATIVE


class JoinRequestFactory(DjangoModelFactory):
    """Somebody who asks for access."""

    class Meta:
        model = JoinRequest

    collective = SubFactory(CollectiveFactory, published=True)
    name = Faker("name", locale="nl_NL")
    email = Sequence(lambda n: f"vraagt{n}@voorbeeld.example")
