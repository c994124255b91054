"""Golden files: what came out once, looked at, and kept. ``DASHGEN_GOLDEN=1`` records them again."""

import os
from pathlib import Path

RECORD = "DASHGEN_GOLDEN"


def check(path: Path, text: str) -> None:
    """The text is what the golden file says."""
    if os.environ.get(RECORD):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"{path} was never recorded: run with {RECORD}=1 and look at it"
    expected = path.read_text(encoding="utf-8")
    assert text == expected, f"{path.name} differs from what was recorded; {RECORD}=1 records it again"
