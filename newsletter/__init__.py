"""News, subscribers and the monthly newsletter."""
