"""The platform's own kinds of mail; other apps register theirs in `AppConfig.ready`."""

from django.utils.translation import gettext_lazy as _

from collectievekracht.common.registry import mail_kind

mail_kind(
    "admin_alert",
    name=_("Alerts for admins"),
    reason=_("You get this mail because you are an admin of CollectieveKracht."),
)
