"""A web address that is typed without its scheme."""

from collectievekracht.common.fields import WebAddressField


def test_a_web_address_without_a_scheme_is_https():
    assert WebAddressField(blank=True).formfield().clean("voorbeeld.nl") == "https://voorbeeld.nl"


def test_to_the_database_it_is_the_usual_field():
    assert WebAddressField().deconstruct()[1] == "django.db.models.URLField"
