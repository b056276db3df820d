"""What ``tongban import`` does: open the work, show progress, keep the rejected lines."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tongban.foundation.work import Work
from tongban.main import install
from tongban.main.settings import Settings
