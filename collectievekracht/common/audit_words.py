"""What was done, in words: the end of an action's name says it, and its thing says of what."""

from django.apps import apps
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Text = str | Lazy
# By the whole name where it needs words of its own, else by what stands after the first point.
WORDS: dict[str, Text] = {
    "accepted": _("accepted"),
    "activity": _("changed how it lives"),
    "added": _("added"),
    "answers_seen": _("looked at the answers"),
    "applied": _("applied"),
    "approved": _("approved"),
    "asked": _("asked for it"),
    "changed": _("changed"),
    "closed": _("closed"),
    "confirmed": _("confirmed that it is right"),
    "contact_email": _("changed the contact address"),
    "corrected": _("corrected"),
    "development_seen": _("looked at how it developed"),
    "downloaded": _("downloaded"),
    "edited": _("edited the text"),
    "email": _("changed the address to sign in with"),
    "ended": _("ended"),
    "erased": _("erased"),
    "exported": _("downloaded the list"),
    "given": _("gave consent"),
    "import.applied": _("brought in"),
    "import.undone": _("undid"),
    "import_undone": _("undid what an import did"),
    "imported": _("brought in from a file"),
    "invitation_accepted": _("accepted an invitation"),
    "invitation_withdrawn": _("withdrew an invitation"),
    "invited": _("invited"),
    "is_active": _("changed whether the account is active"),
    "is_staff": _("changed whether it is a platform admin"),
    "is_superuser": _("changed whether it has every right"),
    "language": _("changed the language of mails"),
    "left": _("left"),
    "made": pgettext_lazy("audit trail", "made"),
    "merged": _("merged"),
    "moved": _("moved"),
    "name": _("changed the name"),
    "opened": _("opened"),
    "people_seen": _("looked at its people"),
    "passed": _("changed at once, as a small correction"),
    "placed": _("placed"),
    "proposed": _("proposed a change"),
    "refused": _("refused"),
    "removed": _("removed"),
    "reopened": _("let it count again"),
    "retried": _("tried again"),
    "returned": _("sent back"),
    "role": _("changed the role"),
    "second_factor_removed": _("removed the second step"),
    "seen": _("looked at it"),
    "step_retried": _("tried a step again"),
    "taken_back": _("took it back"),
    "withdrawn": _("withdrew consent"),
}


# Codes that stand before and after a change.
CODES: dict[str, Text] = {
    "pending": _("waiting for a decision"),
    "returned": _("sent back"),
    "refused": _("refused"),
    "approved": _("approved"),
    "representative": _("representative"),
    "colleague": _("colleague"),
    "active": _("active"),
    "dormant": _("dormant"),
    "stopped": _("stopped"),
    "true": _("yes"),
    "false": _("no"),
}


def code_words(code: str) -> Text:
    """A code before or after a change; of a text only that it is one."""
    return _("a text") if len(code) == 64 else CODES.get(code, code or "–")


def action_words(action: str) -> Text:
    """What this action is; an unknown one stays its code."""
    end = action.partition(".")[2]
    return WORDS.get(action) or WORDS.get(end) or WORDS.get(end.partition(".")[0]) or action


def kind_words(target_type: str) -> Text:
    """What kind of thing it was done to."""
    app, _point, model = target_type.partition(".")
    try:
        return apps.get_model(app, model)._meta.verbose_name or target_type
    except LookupError:
        return target_type
