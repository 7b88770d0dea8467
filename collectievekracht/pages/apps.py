from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "collectievekracht.pages"
    label = "pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from collectievekracht.common import registry
        from collectievekracht.pages import cards, ledger, mail_kinds, personal_data, receivers, sitemap  # noqa: F401

        mail_kinds.register()
        personal_data.register()
        ledger.register()
        cards.register()
        registry.sitemaps.add(registry.SitemapSection("pages", sitemap.page_addresses))
        registry.sitemaps.add(registry.SitemapSection("texts", sitemap.text_addresses))
