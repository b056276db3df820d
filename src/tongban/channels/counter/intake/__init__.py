"""What waits to be accepted, and a case in three panes: person, materials, rules."""
