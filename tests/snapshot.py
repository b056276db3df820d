"""Compare text with a file kept beside the code. Run with UPDATE=1 to accept the new text."""

import os
from pathlib import Path

ROOT = Path(__file__).parent.parent


def assert_same(text: str, file: str) -> None:
    path = ROOT / file
    if os.environ.get("UPDATE"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"{file} is missing; run the tests with UPDATE=1"
    assert text == path.read_text(encoding="utf-8"), (
        f"{file} is out of date; run the tests with UPDATE=1 and review the difference"
    )
