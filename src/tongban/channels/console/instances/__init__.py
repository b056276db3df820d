"""Running processes in the console: instances, what is stuck, timers, one instance on a page."""
