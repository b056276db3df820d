"""What all channels share: routes and transactions, sessions, forms, error pages, layout."""
