"""No pattern has a possessive group: Python before 3.11.5 keeps what a failed one has read (python/cpython#101955)."""

import re
from pathlib import Path

import pytest

QUERY = Path(__file__).parents[2] / "dashgen" / "query"
# After a group, or after the name of a pattern that is one.
POSSESSIVE_GROUP = re.compile(r"(?<!\()\)[?*+]\+|\{_?[A-Z]+\}[?*+]\+")


@pytest.mark.parametrize("path", sorted(QUERY.rglob("*.py")), ids=lambda path: path.stem)
def test_a_group_that_fails_halfway_gives_back_what_it_read(path: Path) -> None:
    assert POSSESSIVE_GROUP.findall(path.read_text(encoding="utf-8")) == []
