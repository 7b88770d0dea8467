"""Discussion groups."""
