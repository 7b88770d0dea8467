"""Pages that read several apps, and the admin's front page."""
