"""FEEL and DMN: the rules that decide, as pure functions. No database, no web."""
