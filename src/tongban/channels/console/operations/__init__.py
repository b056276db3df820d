"""What runs, what failed, and what happened."""
