"""Intake: an application filled in for whoever stands there, and corrections brought on paper."""
