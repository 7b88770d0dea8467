from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "collectievekracht.pages"
    label = "pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from collectievekracht.common import registry
        from collectievekracht.pages import queries, receivers  # noqa: F401

        registry.sitemaps.add(registry.SitemapSection("pages", queries.page_addresses))
