"""Questions about rule sets, versions and evaluations. Nothing here changes anything."""
