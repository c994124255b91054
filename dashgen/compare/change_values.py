"""Differences of two values, as details of a change."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dashgen.compare.change import Detail, Path
from dashgen.compare.change_texts import plain_change, word_detail
from dashgen.formats.normal.plain_values import REDACTED

Leaf = tuple[Path, Any, Any]


def same_or_redacted(old: object, new: object) -> bool:
    """Whether two values are equal; a redacted one equals any value, and 1 equals 1.0 but not true."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(
            same_or_redacted(value, new[key]) for key, value in old.items()
        )
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(same_or_redacted, old, new))
    # Grafana never returns a secret, only a mark that there is one: a secret that is set is taken for
    # unchanged.
    if REDACTED in (old, new):
        return old is not None and new is not None
    return isinstance(old, bool) == isinstance(new, bool) and bool(old == new)


def leaves(old: Any, new: Any, path: Path = ()) -> Iterator[Leaf]:
    """The innermost paths at which two values differ, with both values; None where there is none."""
    if same_or_redacted(old, new):
        return
    if _is_tree(old) and _is_tree(new) and (old or new):
        for key in sorted({*(old or {}), *(new or {})}, key=str):
            yield from leaves((old or {}).get(key), (new or {}).get(key), (*path, key))
    # Lists of scalars are shown as a whole: an item among others means little by its index.
    elif _walkable(old) and _walkable(new) and len(old) == len(new):
        for index, (old_item, new_item) in enumerate(zip(old, new, strict=True)):
            yield from leaves(old_item, new_item, (*path, index))
    else:
        yield path, old, new


def _is_tree(value: object) -> bool:
    return value is None or isinstance(value, dict)


def _walkable(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict | list) for item in value)


def field_changes(
    old: Mapping[str, Any], new: Mapping[str, Any], labels: Mapping[str, str], path: Path, subject: str = ""
) -> Iterator[Detail]:
    """The differences of the fields that have a label, in the order of labels."""
    for key, label in labels.items():
        old_value, new_value = old.get(key), new.get(key)
        if not same_or_redacted(old_value, new_value):
            yield word_detail(label, old_value, new_value, (*path, key), subject)


def other_changes(
    old: Mapping[str, Any], new: Mapping[str, Any], compared: Sequence[str], path: Path, subject: str = ""
) -> Iterator[Detail]:
    """Yield the differences of all fields that no other comparison covers, by their paths."""
    skipped = frozenset(compared)
    for key in sorted({*old, *new} - skipped):
        for inner, old_value, new_value in leaves(old.get(key), new.get(key), (key,)):
            yield plain_change((*path, *inner), old_value, new_value, shown=inner, subject=subject)


def labelled_changes(
    old: object, new: object, labels: Mapping[str, str], path: Path, subject: str = "", shown: Path = ()
) -> Iterator[Detail]:
    """All differences of two values: by their labels, where their dotted path has one, else by their paths.

    Args:
        old: the value before.
        new: the value after.
        labels: the labels by dotted path.
        path: where the values are.
        subject: what the sentences are about.
        shown: how paths without a label begin.
    """
    for inner, old_value, new_value in leaves(old, new):
        label = labels.get(".".join(map(str, inner)))
        if label is not None:
            yield word_detail(label, old_value, new_value, (*path, *inner), subject)
        else:
            yield plain_change((*path, *inner), old_value, new_value, shown=(*shown, *inner), subject=subject)
