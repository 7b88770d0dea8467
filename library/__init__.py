"""The library of knowledge."""
