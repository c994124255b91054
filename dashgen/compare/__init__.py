"""What differs between two sets of resources, in words that a reviewer reads."""

from dashgen.compare.change import Change, Code, Detail, What
from dashgen.compare.engine import compare
from dashgen.compare.file_tree import read_both, read_tree
from dashgen.compare.threeway import Side, SidedChange, SidedDetail, classify
from dashgen.formats.resources import Resource, Resources

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
