"""Signing in and out, and the switches of language, elder mode and contrast."""
