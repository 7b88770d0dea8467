"""What every page must be. The pages are found, not listed: by the resolver's patterns and by the templates there are."""
