"""What higher apps ask of the labs, and every act on a membership of one."""

from labs.services.labs import KEPT_PAGES, lab_was_changed, suggested_labs

__all__ = ["KEPT_PAGES", "lab_was_changed", "suggested_labs"]
