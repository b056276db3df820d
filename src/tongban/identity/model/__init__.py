"""What people, organisations, officers, places and sessions are. Pure: no database, no clock."""
