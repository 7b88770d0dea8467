"""Words of the platform that explain themselves; their texts stand in `common/glossary.py`."""

from collections.abc import Iterable

from django.template import Context, Library
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from collectievekracht.common.glossary import WORDS, Word
from collectievekracht.common.templatetags.ui_page import url_if_any
from collectievekracht.common.templatetags.ui_parts import explain

register = Library()


@register.simple_tag(takes_context=True)
def term(context: Context, code: str, words: str = "", *, block: bool = False) -> SafeString:
    """A word of the glossary that shows its meaning when it is chosen; `words` as the sentence has it, `block` on
    its own line."""
    found = WORDS[code]
    page = url_if_any("pages:glossary")
    url = f"{page}#{code}" if page else ""
    meaning = explain(
        context, words or str(found.word), str(found.meaning), block=block, url=url, more=_("All words")
    )
    return SafeString(meaning)


@register.simple_tag
def glossary() -> Iterable[Word]:
    """Every word with its meaning, by the alphabet of the language."""
    return sorted(WORDS.values(), key=lambda word: str(word.word).casefold())
