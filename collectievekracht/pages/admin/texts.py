"""The team's own texts in the admin: pages and questions."""
