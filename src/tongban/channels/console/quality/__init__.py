"""The quality of the catalogue: what the linter finds, by department, by rule, over time."""
