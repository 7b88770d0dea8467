"""Whole pages for visitors; it stands in the machinery, for the pages of every app."""

from collectievekracht.common.page_cache import cached_for_visitors

__all__ = ["cached_for_visitors"]
