"""The interface for other systems: ``/api/v1``, over the same module faces as the pages."""
