"""Differences of the variables of a dashboard or a section."""

from collections.abc import Iterator

from dashgen.compare import option_labels
from dashgen.compare.change import Detail, Path
from dashgen.compare.change_texts import code_change
from dashgen.compare.change_values import field_changes, labelled_changes, other_changes, same_or_redacted
from dashgen.compare.compare_links import MatchedItems
from dashgen.compare.compare_queries import source_details
from dashgen.core.json_values import Json

_CHOICES = {
    "hide": ("display", option_labels.HIDE),
    "sort": ("order", option_labels.SORT),
    "refresh": ("updated", option_labels.REFRESH),
}


def variable_details(before: list[Json], after: list[Json], path: Path, of: str = "") -> Iterator[Detail]:
    """The differences of two lists of variables.

    Args:
        before: the variables of one side.
        after: those of the other.
        path: where the list is.
        of: what follows the name of a variable in sentences, such as `` of tab "Costs"``.
    """
    matched = MatchedItems(before, after, "name")
    for name, new_name, old, new in matched.pairs():
        own_path, subject = (*path, name), f"variable ${new_name}{of}"
        if old is None or new is None:
            yield Detail(("added" if old is None else "removed",), own_path, old, new, subject)
        elif name != new_name:
            yield Detail((f"renamed from ${name}",), (*own_path, "name"), name, new_name, subject)
        else:
            yield from _variable(old, new, own_path, subject)
    yield from matched.order(f"variables{of}", path)


def _variable(old: Json, new: Json, path: Path, subject: str) -> Iterator[Detail]:
    labels = {key: label for key, label in option_labels.VARIABLE.items() if key not in ("query", "regex")}
    for key in ("query", "regex"):
        old_value, new_value = old.get(key), new.get(key)
        if isinstance(old_value, str) and isinstance(new_value, str) and old_value != new_value:
            parts = f"{key} changed ", *code_change(old_value, new_value)
            yield Detail(parts, (*path, key), old_value, new_value, subject)
        elif not same_or_redacted(old_value, new_value):
            yield from labelled_changes(old_value, new_value, {"": key}, (*path, key), subject, (key,))
    yield from field_changes(old, new, labels, path, subject)
    for key, (label, meanings) in _CHOICES.items():
        old_value, new_value = old.get(key), new.get(key)
        if not same_or_redacted(old_value, new_value):
            shown = [meanings.get(value, str(value)) for value in (old_value, new_value)]
            yield Detail((f"{label} {shown[0]} → {shown[1]}",), (*path, key), old_value, new_value, subject)
    yield from source_details("data source", old, new, path, subject)
    shown_keys = ("name", "current", "datasource", *option_labels.VARIABLE, *_CHOICES)
    yield from other_changes(old, new, shown_keys, path, subject)
