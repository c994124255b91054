"""The page about doctor."""

import re
from pathlib import Path

from dashgen.doctor.chain import ChainLink
from dashgen.doctor.examine import CHECKS

PAGE = Path(__file__).parents[2] / "docs/doctor.md"


def test_the_page_has_every_link_in_the_order_of_the_chain() -> None:
    rows = re.findall(r"^\| ([^|]+?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows[1:] == [str(link) for link in ChainLink]


def test_every_link_is_looked_at() -> None:
    assert list(CHECKS) == list(ChainLink)
