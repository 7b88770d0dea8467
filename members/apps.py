from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("Members")

    def ready(self) -> None:
        from collectievekracht.common.registry import SitemapSection, admin_addresses, sitemaps
        from members import mail_kinds, queries, receivers  # noqa: F401

        mail_kinds.register()
        admin_addresses.register(queries.admins_to_notify)
        sitemaps.add(SitemapSection("collectives", queries.public_addresses))
