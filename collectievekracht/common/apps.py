from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    name = "collectievekracht.common"
    label = "common"
    verbose_name = _("Common")

    def ready(self) -> None:
        from psycopg_pool.base import AttemptWithBackoff

        from collectievekracht.common import admin_alerts, checks, mail_kinds, personal_data  # noqa: F401 -- each registers what it holds

        personal_data.register()

        # A restart of the database takes less than the second that the pool would wait before it looks again.
        AttemptWithBackoff.INITIAL_DELAY = 0.1
