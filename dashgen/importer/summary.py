"""The report on an import as text."""

from dashgen.diagnostics.frame import clean
from dashgen.importer.files import ImportedFile
from dashgen.importer.report import Notes

_MOST = 12


def headline(source: str, file: ImportedFile) -> str:
    """One line: how much of a dashboard could be said in words."""
    found, lines = file.imported, file.text.count("\n")
    share = 100 * found.raw_values / found.values if found.values else 0.0
    panels = "1 panel" if found.panels == 1 else f"{found.panels} panels"
    return clean(
        f"{source}: {panels}, {found.exact} without `raw:`; {share:.1f} % of the values in `raw:`; "
        f"{lines} lines of YAML for {file.lines} of JSON ({100 * lines / file.lines:.0f} %)"
    )


def urgent(file: ImportedFile) -> list[str]:
    """What has to be done before the spec builds, or to know before it is used."""
    notes = file.imported.notes
    found = [
        f"no spec describes the data source `{alias}` ({kind}, uid `{uid}`); --datasource {uid}=ALIAS names another one"
        for alias, (kind, uid) in notes.sources.items()
    ]
    found += [f"the spec does not build: {problem.message}" for problem in file.imported.problems[:_MOST]]
    if file.imported.differences and not file.imported.problems:
        found.append("the spec builds to something else at " + ", ".join(file.imported.differences[:_MOST]))
    return [clean(line) for line in found]


def details(file: ImportedFile) -> list[str]:
    """What was converted, what went to ``raw:``, and what was dropped."""
    notes = file.imported.notes
    parts = [
        ("converted", [_counted(what, count) for what, count in notes.converted.most_common()]),
        ("raw", [f"{title or '(no title)'}: {_keys(keys)}" for title, keys in notes.raw]),
        ("broken already, kept in raw", [f"{title or '(no title)'}: {why}" for title, why in notes.refused]),
        ("dropped", [_counted(what, count) for what, count in _sorted(notes)]),
    ]
    return [
        clean(line)
        for name, lines in parts
        if lines
        for line in (f"  {name}:", *(f"    {one}" for one in lines))
    ]


def _sorted(notes: Notes) -> list[tuple[str, int]]:
    return sorted(notes.dropped.items(), key=lambda item: (-item[1], item[0]))


def _counted(what: str, count: int) -> str:
    return what if count == 1 else f"{what} (x{count})"


def _keys(keys: list[str]) -> str:
    more = f" and {len(keys) - _MOST} more" if len(keys) > _MOST else ""
    return ", ".join(keys[:_MOST]) + more
