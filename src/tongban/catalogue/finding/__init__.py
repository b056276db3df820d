"""Finding services: loading the index from PostgreSQL, keeping it current, answering questions.

The index itself is pure and lies in ``model.index``. A process that has none yet, or whose database
cannot be read into one, answers from PostgreSQL alone.
"""
