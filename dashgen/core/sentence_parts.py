"""Numbers and names as parts of sentences in messages and pages."""

from collections.abc import Sequence


def counted(number: int, noun: str) -> str:
    """A number and its noun: ``1 panel``, ``2 queries``."""
    if number == 1:
        return f"1 {noun}"
    if noun.endswith("ry"):
        return f"{number} {noun[:-1]}ies"
    return f"{number} {noun}" if noun == "series" else f"{number} {noun}s"


def listed(texts: Sequence[str], last: str = "and") -> str:
    """Texts in a sentence: ``a, b and c``."""
    return f"{', '.join(texts[:-1])} {last} {texts[-1]}" if len(texts) > 1 else "".join(texts)


def first_names(names: Sequence[str], most: int) -> str:
    """The first names as code, and how many there are beside: ```a`, `b` and 3 more``."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(f"`{name}`" for name in names[:most]) + more
