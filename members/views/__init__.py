"""Pages of members, a module for each place on the site."""
