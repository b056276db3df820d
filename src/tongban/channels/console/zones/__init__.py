"""Zones, life events and stages of an enterprise, put together in the console."""
