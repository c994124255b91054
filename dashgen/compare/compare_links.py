"""Differences of links, and of other lists whose items have a name."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from dashgen.compare import option_labels
from dashgen.compare.change import Detail, Path
from dashgen.compare.change_texts import quoted
from dashgen.compare.change_values import labelled_changes, same_or_redacted
from dashgen.compare.list_order import order_details

Item = dict[str, Any]
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


def renamed(old: Named, new: Named, key: str) -> dict[str, str]:
    """Pair removed items with added ones that are the same but for their name."""
    new_names: dict[str, str] = {}
    for name, item in old.items():
        if name in new:
            continue
        for other, candidate in new.items():
            plain = [{k: v for k, v in link.items() if k != key} for link in (item, candidate)]
            if other not in old and other not in new_names.values() and plain[0] and same_or_redacted(*plain):
                new_names[name] = other
                break
    return new_names


def link_details(old: list[Item], new: list[Item], path: Path, subject: str, word: str) -> Iterator[Detail]:
    """Yield the differences of two lists of links, which are identified by their titles."""
    before, after = named(old, "title"), named(new, "title")
    moved = renamed(before, after, "title")
    for name in [*before, *(name for name in after if name not in before and name not in moved.values())]:
        old_link, new_link = before.get(name), after.get(moved.get(name, name))
        label, below = f"{word} {quoted(name)}", (*path, name)
        if old_link is None or new_link is None:
            sentence = f"{label} {'added' if old_link is None else 'removed'}"
            yield Detail((sentence,), below, old_link, new_link, subject)
        elif name in moved:
            yield Detail(
                (f"{word} {quoted(name)} renamed to {quoted(moved[name])}",),
                below,
                old_link,
                new_link,
                subject,
            )
        else:
            labels = {key: f"{label} {text}" for key, text in option_labels.LINK.items()}
            yield from labelled_changes(old_link, new_link, labels, below, subject, ("links", name))
    yield from order_details(list(before), list(after), f"{word}s", path, subject, moved)
