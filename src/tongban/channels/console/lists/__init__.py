"""The lists beside the services, in the console: searched, changed by drafts, agreed to."""
