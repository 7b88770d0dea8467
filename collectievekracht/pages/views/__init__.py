"""The pages that read several apps, and the team's own texts."""
