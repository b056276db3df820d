"""The same change of many services, in the console: chosen, foreseen, handed in, reviewed."""
