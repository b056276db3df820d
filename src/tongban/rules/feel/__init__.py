"""FEEL, the friendly enough expression language of OMG DMN 1.3-1.5."""
