from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LabsConfig(AppConfig):
    name = "labs"
    verbose_name = _("Labs")

    def ready(self) -> None:
        from collectievekracht.common import registry
        from labs import cards, kinds, permissions, personal_data, queries, receivers  # noqa: F401

        personal_data.register()
        registry.sitemaps.add(registry.SitemapSection("labs", queries.lab_addresses))
        registry.member_sources.add(registry.MemberSource("labs", permissions.is_lab_member))
        registry.dashboard_cards.add(cards.MY_LABS)
        kinds.register()
