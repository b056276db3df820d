"""One net, one door, one trip: an open platform for government services (通办)."""
