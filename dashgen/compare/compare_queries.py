"""Differences of queries, of panels and of alert rules."""

from collections.abc import Iterator

from dashgen.compare import option_labels
from dashgen.compare.change import Code, Detail, Path
from dashgen.compare.change_texts import code_change, short_code, word_change
from dashgen.compare.change_values import field_changes, labelled_changes, same_or_redacted
from dashgen.compare.compare_links import named
from dashgen.compare.list_order import order_details
from dashgen.core.json_values import Json

Query = Json
_COMPARED_KEYS = frozenset(("refId", "hide", "datasource", *option_labels.QUERY_TEXTS, *option_labels.QUERY))


def query_details(before: list[Query], after: list[Query], path: Path, subject: str = "") -> Iterator[Detail]:
    """The differences of lists of queries; one that only has another letter is the same query."""
    old, new = _by_ref(before), _by_ref(after)
    # Inserting a query in the editor gives those after it other letters; they are still the same queries.
    renamed = _renamed(old, new)
    for ref, target in renamed.items():
        yield Detail((f"query {ref} is now {target}",), (*path, ref, "refId"), ref, target, subject)
    for ref in sorted({*old, *new}):
        old_query = None if ref in renamed else old.get(ref)
        new_query = None if ref in renamed.values() else new.get(ref)
        if old_query is not None or new_query is not None:
            yield from _one_query(ref, old_query, new_query, (*path, ref), subject)
    yield from order_details(list(old), list(new), "queries", path, subject, renamed)


def _by_ref(queries: list[Query]) -> dict[str, Query]:
    return named(queries, "refId")


def _renamed(old: dict[str, Query], new: dict[str, Query]) -> dict[str, str]:
    """Pair letters whose query has another letter now that had no query or another one before."""
    removed = {ref: query for ref, query in old.items() if not same_or_redacted(query, new.get(ref))}
    added = {ref: query for ref, query in new.items() if not same_or_redacted(query, old.get(ref))}
    new_refs: dict[str, str] = {}
    for ref, query in removed.items():
        for other, candidate in added.items():
            if (
                other != ref
                and other not in new_refs.values()
                and same_or_redacted(_body(query), _body(candidate))
            ):
                new_refs[ref] = other
                break
    return new_refs


def _body(query: Query) -> Query:
    return {key: value for key, value in query.items() if key != "refId"}


def _one_query(ref: str, old: Query | None, new: Query | None, path: Path, subject: str) -> Iterator[Detail]:
    if old is None or new is None:
        present, word = (new, "added") if old is None else (old, "removed")
        text = _text(present or {})
        parts = (f"query {ref} {word}", *((" ", short_code(text)) if text else ()))
        yield Detail(parts, path, old, new, subject)
        return
    name = f"query {ref}"
    for key in option_labels.QUERY_TEXTS:
        yield from _text_change(name, key, old, new, (*path, key), subject)
    if old.get("hide") != new.get("hide"):
        sentence = f"{name} hidden" if new.get("hide") else f"{name} shown again"
        yield Detail((sentence,), (*path, "hide"), old.get("hide"), new.get("hide"), subject)
    yield from source_details(f"{name} data source", old, new, path, subject)
    named = {key: f"{name} {label}" for key, label in option_labels.QUERY.items()}
    yield from field_changes(_with_mode(old), _with_mode(new), named, path, subject)
    rest = [{k: v for k, v in query.items() if k not in _COMPARED_KEYS} for query in (old, new)]
    for detail in labelled_changes(rest[0], rest[1], {}, path, subject):
        yield Detail((f"{name} ", *detail.parts), detail.path, detail.old, detail.new, subject)


def _with_mode(query: Query) -> Query:
    # The normal form leaves out the default, and "mode set to instant" does not show what it was before.
    return query if "mode" in query or "expr" not in query else {**query, "mode": "range"}


def _text(query: Query) -> str:
    query_text = next(
        (query[key] for key in option_labels.QUERY_TEXTS if isinstance(query.get(key), str)), ""
    )
    return str(query_text)


def _text_change(name: str, key: str, old: Query, new: Query, path: Path, subject: str) -> Iterator[Detail]:
    old_text, new_text = old.get(key), new.get(key)
    if same_or_redacted(old_text, new_text):
        return
    if isinstance(old_text, str) and isinstance(new_text, str):
        if old_text.split() == new_text.split():
            yield Detail((f"{name} only laid out differently",), path, old_text, new_text, subject)
        else:
            parts = f"{name} changed ", *code_change(old_text, new_text)
            yield Detail(parts, path, old_text, new_text, subject)
        return
    shown = [Code(value) if isinstance(value, str) else value for value in (old_text, new_text)]
    yield Detail(word_change(f"{name} {key}", *shown), path, old_text, new_text, subject)


def source_details(
    label: str, old: Query, new: Query, path: Path, subject: str = "", key: str = "datasource"
) -> Iterator[Detail]:
    """A change of the data source, by its uid."""
    old_source, new_source = old.get(key), new.get(key)
    if not same_or_redacted(old_source, new_source):
        parts = word_change(label, source_name(old_source), source_name(new_source))
        yield Detail(parts, (*path, key), old_source, new_source, subject)


def source_name(source: object) -> str | None:
    """A data source in a sentence: its uid, or its type when it has none."""
    if isinstance(source, dict):
        return str(source.get("uid") or source.get("type"))
    return source if isinstance(source, str) else None
