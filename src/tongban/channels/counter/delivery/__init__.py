"""Handing out (出件): decided cases, and the result that is handed over."""
