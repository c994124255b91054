"""Differences of one panel."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from dashgen.compare import option_labels
from dashgen.compare.change import Detail, Path
from dashgen.compare.change_texts import quoted
from dashgen.compare.change_values import field_changes, labelled_changes, other_changes, same_or_redacted
from dashgen.compare.compare_fields import field_details
from dashgen.compare.compare_links import link_details
from dashgen.compare.compare_queries import query_details, source_details
from dashgen.compare.compare_sections import dynamic_details, section_details
from dashgen.compare.compared_sections import Panel, is_section
from dashgen.core.json_values import Json
from dashgen.formats.json_shapes import names

_COMPARED_KEYS = (
    *names(
        "id title gridPos row targets datasource fieldConfig options transformations links collapsed dynamic"
    ),
    *option_labels.PANEL,
)


def panel_details(old: Panel, new: Panel, path: Path, subject: str) -> Iterator[Detail]:
    """Everything that differs but the place."""
    if old.get("title") != new.get("title"):
        before = old.get("title")
        sentence = f"renamed from {quoted(str(before))}" if before else "has a title now"
        yield Detail((sentence,), (*path, "title"), before, new.get("title"), subject)
    if old.get("id") != new.get("id") and not is_section(new):
        sentence = "has a new id, which links and alerts need"
        yield Detail((sentence,), (*path, "id"), old.get("id"), new.get("id"), subject)
    if is_section(new):
        yield from section_details(old, new, path, subject)
        return
    yield from query_details(old.get("targets", []), new.get("targets", []), (*path, "targets"), subject)
    yield from source_details("data source", old, new, path, subject)
    yield from field_details(
        old.get("fieldConfig", {}), new.get("fieldConfig", {}), (*path, "fieldConfig"), subject
    )
    yield from field_changes(old, new, option_labels.PANEL, path, subject)
    options = [panel.get("options", {}) for panel in (old, new)]
    yield from labelled_changes(
        options[0], options[1], option_labels.OPTION, (*path, "options"), subject, ("options",)
    )
    yield from dynamic_details(old, new, path, subject)
    yield from _transformations(old, new, (*path, "transformations"), subject)
    yield from link_details(old.get("links", []), new.get("links", []), (*path, "links"), subject, "link")
    yield from other_changes(old, new, _COMPARED_KEYS, path, subject)


def _transformations(old: Panel, new: Panel, path: Path, subject: str) -> Iterator[Detail]:
    before, after = old.get("transformations", []), new.get("transformations", [])
    if same_or_redacted(before, after):
        return
    names = [[str(item.get("id")) for item in items] for items in (before, after)]
    if names[0] != names[1] and sorted(names[0]) == sorted(names[1]):
        sentence = f"transformations in another order: {', '.join(names[1])}"
        yield Detail((sentence,), path, before, after, subject)
        return
    for tag, i, i_end, j, j_end in SequenceMatcher(None, names[0], names[1], autojunk=False).get_opcodes():
        if tag == "equal":
            for offset in range(i_end - i):
                yield from _transformation(
                    before[i + offset], after[j + offset], (*path, i + offset), subject
                )
            continue
        for index in range(i, i_end):
            sentence = f"transformation {names[0][index]} removed"
            yield Detail((sentence,), (*path, index), before[index], None, subject)
        for index in range(j, j_end):
            sentence = f"transformation {names[1][index]} added"
            yield Detail((sentence,), (*path, f"new {index}"), None, after[index], subject)


def _transformation(old: Json, new: Json, path: Path, subject: str) -> Iterator[Detail]:
    name = f"transformation {new.get('id')}"
    if old.get("disabled") != new.get("disabled"):
        sentence = f"{name} switched {'off' if new.get('disabled') else 'on'}"
        yield Detail((sentence,), (*path, "disabled"), old.get("disabled"), new.get("disabled"), subject)
    rest = [{key: value for key, value in item.items() if key != "disabled"} for item in (old, new)]
    for detail in labelled_changes(rest[0], rest[1], {}, path, subject):
        yield Detail((f"{name} ", *detail.parts), detail.path, detail.old, detail.new, subject)
