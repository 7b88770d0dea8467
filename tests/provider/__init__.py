"""A real OpenID provider, in a process of its own: allauth's, with people who are made up."""
