from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LabsConfig(AppConfig):
    name = "labs"
    verbose_name = _("Labs")

    def ready(self) -> None:
        from collectievekracht.common import registry
        from labs import queries

        registry.sitemaps.add(registry.SitemapSection("labs", queries.lab_addresses))
