"""Applying: the case, the form, the materials, how to receive the result, check and submit."""
