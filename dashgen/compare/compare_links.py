"""Differences of links, and of other lists whose items have a name."""

from collections import Counter
from collections.abc import Iterator

from dashgen.compare import option_labels
from dashgen.compare.change import Detail, Path
from dashgen.compare.change_texts import quoted
from dashgen.compare.change_values import labelled_changes, same_or_redacted
from dashgen.compare.list_order import order_details
from dashgen.core.json_values import Json

Item = Json
Named = dict[str, Item]


def named(items: list[Item], key: str) -> Named:
    """Items by name; those with one name are numbered."""
    seen: Counter[str] = Counter()
    by_name: Named = {}
    for item in items:
        name = str(item.get(key, ""))
        seen[name] += 1
        by_name[name if seen[name] == 1 else f"{name} ({seen[name]})"] = item
    return by_name


class MatchedItems:
    """Two lists whose items have names, matched by name.

    An item that is removed on one side and added on the other with nothing but another name was renamed.

    Args:
        before: the items of one side.
        after: those of the other.
        key: the field with the name.
    """

    def __init__(self, before: list[Item], after: list[Item], key: str) -> None:
        self._old, self._new = named(before, key), named(after, key)
        self._new_names: dict[str, str] = {}
        added = [name for name in self._new if name not in self._old]
        for name, item in self._old.items():
            rest = _without(item, key)
            if name in self._new or not rest:
                continue
            for other in added:
                if same_or_redacted(rest, _without(self._new[other], key)):
                    self._new_names[name] = other
                    added.remove(other)
                    break

    def pairs(self) -> Iterator[tuple[str, str, Item | None, Item | None]]:
        """The old name, the new name and both items of each pair, in the order of the old list.

        Added ones come last.
        """
        renamed = self._new_names.values()
        for name in [
            *self._old,
            *(name for name in self._new if name not in self._old and name not in renamed),
        ]:
            new_name = self._new_names.get(name, name)
            yield name, new_name, self._old.get(name), self._new.get(new_name)

    def order(self, what: str, path: Path, subject: str = "") -> Iterator[Detail]:
        """A change of the order of the items that both sides have; ``what`` names them in the plural."""
        return order_details(list(self._old), list(self._new), what, path, subject, self._new_names)


def _without(item: Item, key: str) -> Item:
    return {name: value for name, value in item.items() if name != key}


def link_details(old: list[Item], new: list[Item], path: Path, subject: str, word: str) -> Iterator[Detail]:
    """The differences of two lists of links, which are identified by their titles."""
    matched = MatchedItems(old, new, "title")
    for name, new_name, old_link, new_link in matched.pairs():
        label, below = f"{word} {quoted(name)}", (*path, name)
        if old_link is None or new_link is None:
            sentence = f"{label} {'added' if old_link is None else 'removed'}"
            yield Detail((sentence,), below, old_link, new_link, subject)
        elif name != new_name:
            yield Detail((f"{label} renamed to {quoted(new_name)}",), below, old_link, new_link, subject)
        else:
            labels = {key: f"{label} {text}" for key, text in option_labels.LINK.items()}
            yield from labelled_changes(old_link, new_link, labels, below, subject, ("links", name))
    yield from matched.order(f"{word}s", path, subject)
