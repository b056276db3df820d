"""Who stands at the counter: found by their document, or registered."""
