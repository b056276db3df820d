"""``python -m tongban.main.postgres --data DIR``: the database alone, until Ctrl-C."""

import argparse
import contextlib
import signal
import sys
from pathlib import Path

from tongban.main.postgres import PostgresRefusal, data_directory, start
from tongban.main.postgres.configuration import OWNER


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tongban.main.postgres")
    options.add_argument("--data", type=Path, help="TONGBAN_DATA, var")
    options.add_argument("--port", type=int, help="127.0.0.1:PORT")
    chosen = options.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with start(data_directory(chosen.data), port=chosen.port) as server:
            sys.stdout.write(f"{server.url()}\n{server.url(OWNER)}\n")
            sys.stdout.flush()
            with contextlib.suppress(KeyboardInterrupt):
                signal.pause()
    except PostgresRefusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
