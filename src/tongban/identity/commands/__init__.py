"""The acts of this module. Each one: permit, check, change, record."""
