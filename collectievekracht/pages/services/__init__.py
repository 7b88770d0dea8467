"""What people do on these pages, each act one function and one transaction."""
