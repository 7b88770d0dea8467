from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("Members")

    def ready(self) -> None:
        from collectievekracht.common.registry import SitemapSection, admin_addresses, sitemaps
        from members import (  # noqa: F401
            cards,
            ledger,
            mail_kinds,
            my_data_page,
            notification_kinds,
            page_news,
            personal_data,
            queries,
            receivers,
        )
        from members.services import alike, notifying, own_consents

        alike.register()
        cards.register()
        mail_kinds.register()
        personal_data.register()
        own_consents.register()
        my_data_page.register()
        notification_kinds.register()
        page_news.register()
        notifying.register_mails()
        ledger.register()
        admin_addresses.register(queries.admins_to_notify)
        sitemaps.add(SitemapSection("collectives", queries.public_addresses))
