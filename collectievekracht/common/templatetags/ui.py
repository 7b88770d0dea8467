"""Every component tag and filter in one library; it is a builtin of the templates, so nothing loads it by hand.

`/stijlgids/` shows each with its states.
"""

from django.template import Library

from collectievekracht.common.templatetags import (
    ui_charts,
    ui_formats,
    ui_forms,
    ui_found,
    ui_glossary,
    ui_page,
    ui_parts,
)

register = Library()
for part in (ui_page, ui_found, ui_parts, ui_glossary, ui_forms, ui_formats, ui_charts):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
