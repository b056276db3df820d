"""Processes in the console: designer, check report, simulation."""
