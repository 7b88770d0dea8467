"""How many there are of a choice, written as people of the language write it."""

import pytest
from django.utils.translation import override

from collectievekracht.common.templatetags.ui_forms import Choice, _with_count


@pytest.mark.parametrize(("language", "words"), [("nl", "Energie (2.684)"), ("en", "Energie (2,684)")])
def test_a_large_count_has_its_separator(language, words):
    with override(language):
        assert _with_count(Choice("energy", "Energie", count=2684)) == words
