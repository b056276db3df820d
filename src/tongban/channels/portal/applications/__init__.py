"""Applying: which case is it, the form, the materials, how to receive the result, check and submit."""
