"""Questions about people, officers, places and sessions. Nothing here changes anything."""
