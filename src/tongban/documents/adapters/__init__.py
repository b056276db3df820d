"""Where documents meets tools that are not ours: the typesetter and its fonts."""
