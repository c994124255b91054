"""What differs between two sets of resources, in words that a reviewer reads."""

from dashgen.diff.change import Change, Code, Detail, What
from dashgen.diff.engine import compare
from dashgen.diff.resources import Resource, Resources
from dashgen.diff.threeway import Side, SidedChange, SidedDetail, classify
from dashgen.diff.tree import read_both, read_tree

__all__ = [
    "Change",
    "Code",
    "Detail",
    "Resource",
    "Resources",
    "Side",
    "SidedChange",
    "SidedDetail",
    "What",
    "classify",
    "compare",
    "read_both",
    "read_tree",
]
