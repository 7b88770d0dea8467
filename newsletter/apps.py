from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsletterConfig(AppConfig):
    name = "newsletter"
    verbose_name = _("Newsletter")

    def ready(self) -> None:
        from collectievekracht.common.registry import SitemapSection, mail_kind, sitemaps
        from newsletter import personal_data, queries

        personal_data.register()
        sitemaps.add(SitemapSection("newsletter", queries.newsletter_addresses))
        mail_kind(
            "newsletter_confirm",
            name=_("Confirming the newsletter"),
            reason=_("You get this mail because somebody subscribed this address to our newsletter."),
            keeps_address=False,  # one that nobody confirms is kept for seven days, in no other place either
        )
