"""What titles and descriptions say about a panel or dashboard."""

from dashgen.core.lazy_pattern import lazy_pattern

_WORD = lazy_pattern(r"[^\W_]+")
_FILLERS = """
    a an the of for and to in on by with this that is are it its shows show showing displays display
    dashboard panel graph chart
"""
_EMPTY = frozenset(_FILLERS.split())


def repeats(description: str, title: str) -> bool:
    """Whether a description has no word that the title lacks, articles and the like aside."""
    vocabulary = set(_WORD.findall(description.casefold()))
    return bool(vocabulary) and not vocabulary - set(_WORD.findall(title.casefold())) - _EMPTY
