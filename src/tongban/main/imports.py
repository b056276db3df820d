"""What ``tongban import`` does: open the work, show progress, keep the rejected lines."""
