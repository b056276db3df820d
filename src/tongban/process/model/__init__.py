"""What a process definition is, how it is compiled, checked, drawn and simulated. Pure."""
