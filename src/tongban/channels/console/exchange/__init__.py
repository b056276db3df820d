"""Rows that the national platform refused: a worklist for the editors of each department."""
