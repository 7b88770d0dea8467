"""Who reads the newsletter; people subscribe and leave themselves."""

from django.contrib import admin

from collectievekracht.common.admin import ReadOnlyAdmin, SeenAdmin
from newsletter.models import Subscriber


@admin.register(Subscriber)
class SubscriberAdmin(SeenAdmin, ReadOnlyAdmin):
    """Subscribers, with when they said yes and to which words."""

    seen_as = "subscriber.seen"
    list_display = ("email", "language", "channel", "asked_at", "confirmed_at", "left_at")
    list_filter = ("language", "channel", "text_version")
    search_fields = ("email",)
    ordering = ("-pk",)
    fields = ("email", "language", "channel", "text_version", "asked_at", "confirmed_at", "left_at")
