"""What goes with a guide: its history, what machines read, the one-off notice of one's own case."""
