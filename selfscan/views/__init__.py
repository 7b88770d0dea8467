"""The pages of the self-scan."""

from selfscan.views.between import duplicate, overview, saved
from selfscan.views.filling import section_page
from selfscan.views.finish import check, done, report, steps
from selfscan.views.repeats import development, repeat
from selfscan.views.start import find, places, questionnaire, resume, start

__all__ = [
    "check",
    "development",
    "done",
    "duplicate",
    "find",
    "overview",
    "places",
    "questionnaire",
    "repeat",
    "report",
    "resume",
    "saved",
    "section_page",
    "start",
    "steps",
]
