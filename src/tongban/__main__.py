"""``python -m tongban`` is the ``tongban`` command."""

from tongban.main.cli import main

main()
