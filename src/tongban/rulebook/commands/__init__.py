"""The acts of rules: evaluating them for others, writing, reviewing, publishing, replaying them."""
