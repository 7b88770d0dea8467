from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "collectievekracht.pages"
    label = "pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from collectievekracht.common import registry
        from collectievekracht.pages import mail_kinds, receivers, sitemap  # noqa: F401
        from collectievekracht.pages.services import invitations

        mail_kinds.register()
        registry.personal_data.add(
            registry.PersonalData(
                "invitations", _("Invitations"), invitations.personal_rows, invitations.forget_person
            )
        )
        registry.sitemaps.add(registry.SitemapSection("pages", sitemap.page_addresses))
        registry.sitemaps.add(registry.SitemapSection("texts", sitemap.text_addresses))
