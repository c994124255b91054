"""The order of lists whose items are identified by a name: only that of the items that both sides have."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from dashgen.compare.change import Detail, Path
from dashgen.compare.change_texts import show

ORDER: Final = "(order)"
"""The last step of the path of a change of order; no item is called so."""


def order_details(
    old: Sequence[str],
    new: Sequence[str],
    what: str,
    path: Path,
    subject: str = "",
    renamed: Mapping[str, str] | None = None,
) -> Iterator[Detail]:
    """Yield a change of order of a list; added and removed items do not count as one.

    Args:
        old: the names of the items before.
        new: their names after.
        what: what the items are, in the plural.
        path: the place of the list.
        subject: what the sentence is about.
        renamed: the new name of items by the old one.
    """
    names = renamed or {}
    before = [names.get(name, name) for name in old]
    common = [[name for name in before if name in set(new)], [name for name in new if name in set(before)]]
    if common[0] != common[1]:
        sentence = f"{what} in another order: {', '.join(map(show, common[1]))}"
        yield Detail((sentence,), (*path, ORDER), common[0], common[1], subject)


def moved_item(what: str, old: Sequence[str], new: Sequence[str]) -> str:
    """The sentence about the one item that moved; nothing when several did, or two changed places.

    Args:
        what: what an item is.
        old: the names of the items before.
        new: the same names in their order after.
    """
    for number, name in enumerate(new):
        others = [other for other in new if other != name]
        if len(others) > 1 and others == [other for other in old if other != name]:
            where = f"behind {show(new[number - 1])}" if number else "to the top"
            return f"{what} {show(name)} moved {where}"
    return ""
