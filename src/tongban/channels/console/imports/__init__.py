"""Importing services from files: upload, what would change, confirm, result, undo; and export."""
