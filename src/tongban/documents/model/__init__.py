"""What a file and a notice are, and which files are let in. Pure: no database, no clock, no web."""
