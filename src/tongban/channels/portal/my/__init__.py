"""My space: cases, drafts, data; following a case, correcting, withdrawing, rating it."""
