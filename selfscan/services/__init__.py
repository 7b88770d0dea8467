"""What may be done with instruments and scans: one function an act, one transaction each."""

from selfscan.services.instruments import current_instrument, definition_of, load_instrument
from selfscan.services.responses import (
    ChangedElsewhere,
    Completion,
    Saved,
    StepState,
    begin_response,
    complete_response,
    draft_answers,
    draft_problems,
    forget_expired_drafts,
    mail_link,
    mail_links_of,
    save_page,
    steps_of,
)
from selfscan.services.review import approve_response, merge_response, refuse_response, return_response

__all__ = [
    "ChangedElsewhere",
    "Completion",
    "Saved",
    "StepState",
    "approve_response",
    "begin_response",
    "complete_response",
    "current_instrument",
    "definition_of",
    "draft_answers",
    "draft_problems",
    "forget_expired_drafts",
    "load_instrument",
    "mail_link",
    "mail_links_of",
    "merge_response",
    "refuse_response",
    "return_response",
    "save_page",
    "steps_of",
]
