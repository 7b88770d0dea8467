from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SelfscanConfig(AppConfig):
    name = "selfscan"
    verbose_name = _("Self-scan")

    def ready(self) -> None:
        from collectievekracht.common.registry import mail_kind
        from selfscan import cards, ledger, personal_data, receivers  # noqa: F401

        cards.register()
        personal_data.register()
        ledger.register()
        mail_kind(
            "selfscan",
            name=_("Your self-scan"),
            reason=_("You get this mail because this address was given in a self-scan."),
        )
