"""Questions that found nothing: what departments add everyday words for."""
