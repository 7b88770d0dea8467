"""The partner labs and the experts in them."""
