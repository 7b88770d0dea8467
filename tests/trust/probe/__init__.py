"""A small app that does what the platform's own pages and steps do, so that faults can be counted exactly."""
