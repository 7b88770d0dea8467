"""What a machine for development or a try-out needs: an own PostgreSQL and Redis, and everything started at once."""
