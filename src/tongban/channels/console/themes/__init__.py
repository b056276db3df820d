"""Services without a theme: suggestions to accept, one by one or many at once."""
