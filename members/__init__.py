"""People, collectives, their public pages and pins, and the shared vocabulary."""
