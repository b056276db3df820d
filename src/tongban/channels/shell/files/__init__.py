"""Files handed out: to their holder, and to officers who may see the case they belong to."""
