"""Pages of the labs, a module for each place on the site."""
