"""The report on an import, as text."""

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct

from dashgen.core.diagnostics.frame import clean
from dashgen.core.json_values import Json
from dashgen.formats.upgrade.notes import Notes
from dashgen.importer.import_files import ImportedFile
from dashgen.importer.objectives.import_objectives import ImportedObjectives
from dashgen.importer.rules.rule_document import ImportedRules

ImportResult: TypeAlias = ImportedFile | ImportedRules
_MOST = 12


class ImportFacts(Struct, frozen=True):
    """What reports on dashboards and on rules have in common; ``what`` is the kind of the spec."""

    what: str
    size: str
    notes: Notes
    problems: list[str]
    differences: list[str]


def headline(source: str, file: ImportResult) -> str:
    """One line: what was imported, how much of it needs ``raw:``, and how long the spec is."""
    lines, before = file.text.count("\n"), file.lines
    # 0 lines: JSON that is nested too deeply to be counted.
    share = f" ({100 * lines / before:.0f} %)" if before else ""
    kind = "JSON" if isinstance(file, ImportedFile) else "source"
    return clean(f"{source}: {import_facts(file).size}; {lines} lines of YAML for {before} of {kind}{share}")


def _source_to_know(alias: str, kind: str, uid: str) -> str:
    """What to do about a data source that no spec describes."""
    # One that is named by its type and uid works without a spec.
    if alias == f"{kind}/{uid}":
        return f"no spec describes the data source `{alias}`; --datasource {uid}=ALIAS takes another one"
    described = f"`{alias}` ({kind or 'of an unknown type'}, uid `{uid}`)"
    return f"define the data source {described}, or say which one it is: --datasource {uid}=ALIAS"


def urgent(file: ImportResult) -> list[str]:
    """What is left to do before the spec builds, and what to know before it is used."""
    facts = import_facts(file)
    lines = [_source_to_know(alias, kind, uid) for alias, (kind, uid) in facts.notes.sources.items()]
    lines += _names_to_define(file) if isinstance(file, ImportedRules) else []
    lines += [f"the spec does not build: {problem}" for problem in facts.problems[:_MOST]]
    if isinstance(file, ImportedFile) and file.imported.classic_losses:
        what = "; ".join(dict.fromkeys(file.imported.classic_losses[:_MOST]))
        keep = "`format: v2` in dashgen.yaml keeps it (Grafana 13 and later)"
        lines.append(f"the project's files have the classic form, in which {what}; {keep}")
    if facts.differences and not facts.problems:
        lines.append("the spec builds to something else at " + ", ".join(facts.differences[:_MOST]))
    return [clean(line) for line in lines]


def is_unfinished(file: ImportResult) -> bool:
    """Whether a spec does not build, or builds to something else than was imported."""
    facts = import_facts(file)
    return bool(facts.problems or facts.differences)


def losses(file: ImportResult) -> list[str]:
    """The losses that somebody may notice, one a line."""
    lost = import_facts(file).notes.lost()
    return [
        clean(f"lost: {_counted(what, count)}")
        for what, count in sorted(lost, key=lambda item: (-item[1], item[0]))
    ]


def details(file: ImportResult) -> list[str]:
    """The notes on what was converted, kept in ``raw:`` and dropped, for ``--report``."""
    notes = import_facts(file).notes
    parts = [
        ("converted", [_counted(what, count) for what, count in notes.converted.most_common()]),
        ("raw", [f"{title or '(no title)'}: {_keys(keys)}" for title, keys in notes.raw]),
        ("broken already, kept in raw", [f"{title or '(no title)'}: {why}" for title, why in _refused(file)]),
        ("dropped", [_counted(what, count) for what, count in by_count(notes.dropped)]),
    ]
    return [
        clean(line)
        for name, lines in parts
        if lines
        for line in (f"  {name}:", *(f"    {item}" for item in lines))
    ]


def import_facts(file: ImportResult) -> ImportFacts:
    """The facts about a result."""
    if isinstance(file, ImportedObjectives):
        left_out = f", {file.rules - file.written} of them left out" if file.written < file.rules else ""
        size = f"{file.rules} {'objective' if file.rules == 1 else 'objectives'}{left_out}"
        return ImportFacts("objectives", size, file.notes, [why for _, why in file.notes.refused], [])
    if isinstance(file, ImportedRules):
        rules = "1 rule" if file.rules == 1 else f"{file.rules} rules"
        left_out = "" if file.written == file.rules else f", {file.rules - file.written} of them left out"
        size = f"{rules}{left_out}, {file.exact} without `raw:`" if file.rules else "notifications"
        problems = [why for title, why in file.notes.refused if title == "notifications"]
        return ImportFacts(
            "rules" if file.rules else "notifications", size, file.notes, problems, file.differences
        )
    imported = file.imported
    share = 100 * imported.raw_values / imported.values if imported.values else 0.0
    panels = "1 panel" if imported.panels == 1 else f"{imported.panels} panels"
    in_tabs = f" in {_tabs(imported.spec)}" if imported.spec.get("tabs") else ""
    size = f"{panels}{in_tabs}, {imported.exact} without `raw:`; {share:.1f} % of the values in `raw:`"
    problems = [problem.message for problem in imported.problems]
    return ImportFacts("dashboard", size, imported.notes, problems, imported.differences)


def _tabs(spec: Json) -> str:
    """The tabs of a dashboard with their titles: ``2 tabs (Overview, Costs)``."""
    titles = [str(tab["title"]) for tab in spec["tabs"]]
    more = f" and {len(titles) - _MOST} more" if len(titles) > _MOST else ""
    return f"{len(titles)} tab{'s' * (len(titles) != 1)} ({', '.join(titles[:_MOST])}{more})"


def _names_to_define(file: ImportedRules) -> list[str]:
    """What to do about contact points and mute timings that rules name and no document here describes."""
    needed: dict[str, set[str]] = {"contact_points": set(), "mute_timings": set()}
    defined: dict[str, set[str]] = {"contact_points": set(), "mute_timings": set()}
    for document in file.documents:
        for key, names in defined.items():
            names |= {*document.get(key, ()), *document.get(f"external_{key}", ())}
        for rule in document.get("rules", ()):
            needed["contact_points"] |= {rule["contact_point"]} if rule.get("contact_point") else set()
            needed["mute_timings"] |= set(rule.get("mute_timings", ()))
    return [
        f"`{name}` is not among the {key.replace('_', ' ')} here: describe it in a `Notifications` document, "
        f"or name it under `external_{key}` there"
        for key, names in needed.items()
        for name in sorted(names - defined[key])
    ]


def _refused(file: ImportResult) -> list[tuple[str, str]]:
    if isinstance(file, ImportedRules):
        return [(title, why) for title, why in file.notes.refused if title != "notifications"]
    return file.imported.notes.refused


def by_count(dropped: Mapping[str, int]) -> list[tuple[str, int]]:
    """Notes with their numbers, the most frequent first."""
    return sorted(dropped.items(), key=lambda item: (-item[1], item[0]))


def _counted(what: str, count: int) -> str:
    return what if count == 1 else f"{what} (x{count})"


def _keys(keys: list[str]) -> str:
    more = f" and {len(keys) - _MOST} more" if len(keys) > _MOST else ""
    return ", ".join(keys[:_MOST]) + more
