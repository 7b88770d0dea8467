"""The team's pages for scans: what may be looked up, and where a sent scan is reviewed."""

from selfscan.admin import models, review

__all__ = ["models", "review"]
