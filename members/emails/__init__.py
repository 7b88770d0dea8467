"""Every mail of this app: one function each, by what it is about."""

from members.emails.abuse import send_abuse_answered
from members.emails.access import send_access_asked, send_access_decided, send_contact_message
from members.emails.account import send_account, send_idle_warning, send_second_step_removed
from members.emails.alike import ALIKE, send_alike_message
from members.emails.collectives import send_approved, send_refused, send_renewal_refused, send_renewed
from members.emails.my_data import (
    send_copy_ready,
    send_erased,
    send_erasure_asked,
    send_erasure_confirm,
    send_erasure_taken_back,
)
from members.emails.pages import send_revision_decided, send_still_right, still_right_key
from members.emails.people import send_closed, send_colleague_invited, send_removed
from members.emails.team import send_work_due

__all__ = [
    "ALIKE",
    "send_abuse_answered",
    "send_access_asked",
    "send_access_decided",
    "send_account",
    "send_alike_message",
    "send_approved",
    "send_closed",
    "send_colleague_invited",
    "send_contact_message",
    "send_copy_ready",
    "send_erased",
    "send_erasure_asked",
    "send_erasure_confirm",
    "send_erasure_taken_back",
    "send_idle_warning",
    "send_refused",
    "send_removed",
    "send_renewal_refused",
    "send_renewed",
    "send_revision_decided",
    "send_second_step_removed",
    "send_still_right",
    "send_work_due",
    "still_right_key",
]
