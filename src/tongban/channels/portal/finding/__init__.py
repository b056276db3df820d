"""Search: results, suggestions while typing, and what people asked in vain."""
