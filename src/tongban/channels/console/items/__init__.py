"""Services in the console: drafts, review, publication, comparison, agreement of the lists."""
