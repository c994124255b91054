"""A comparison as Markdown: what a comment on a pull request shows."""

from collections.abc import Iterator

from dashgen.compare.change import Change, Code, Detail, What
from dashgen.compare.render.render_summary import ReportedComparison, blocks, extent, several_subjects, totals
from dashgen.core.reporters.markdown_text import code, escaped, fitting, table_row
from dashgen.formats.resources import kind_name


def render_markdown(comparison: ReportedComparison, *, with_details: bool = True) -> str:
    """A table of the resources, then the details of each in words; cut before GitHub would refuse it."""
    lines = [f"### Dashboards and alerts: {totals(comparison.changes)}", ""]
    if comparison.changes:
        lines += ["| | resource | folder | |", "|---|---|---|---|"]
        lines += [_row(change) for change in comparison.changes]
        lines.append("")
    if with_details:
        for change in comparison.changes:
            lines += section_lines(change)
    lines += [f"> {escaped(note)}" for note in (*comparison.warnings, *comparison.notes)]
    return "\n".join(fitting(lines, "dashgen diff")).rstrip() + "\n"


def resource_name(change: Change) -> str:
    """The resource of a change: its kind, its title, and what it is known by."""
    resource = change.resource
    kind = kind_name(resource.kind)
    title = f"{kind} **{escaped(resource.title)}**" if resource.title != kind else f"**{kind}**"
    return title if resource.uid in (resource.title, "", "policies") else f"{title} {code(resource.uid)}"


def _row(change: Change) -> str:
    text = extent(change) if change.what is not What.RENAMED else change.details[0].sentence
    cells = (str(change.what), resource_name(change), escaped(change.resource.folder), escaped(text))
    return table_row(cells)


def section_lines(change: Change) -> Iterator[str]:
    """A heading with the resource, and what changed in it; nothing of one that came or went."""
    if change.what in (What.CREATED, What.DELETED):
        return
    yield f"#### {resource_name(change)}"
    yield ""
    yield from change_items(change)
    yield ""


def change_items(change: Change) -> Iterator[str]:
    """What changed in a resource: an item of a list for each part of it."""
    for block in blocks(change.details):
        text = "; ".join(_sentence(detail) for detail in block.details)
        if len(block.subjects) == 1:
            text = f"{_subject(block.subjects[0])}: {text}"
        elif block.subjects:
            text = f"{escaped(several_subjects(block.subjects))}: {text}"
        yield f"- {text}"


def _subject(subject: str) -> str:
    word, _, name = subject.partition(" ")
    shown = escaped(name.strip('"'))
    return f"{escaped(word)} **{shown}**" if name else escaped(word)


def _sentence(detail: Detail) -> str:
    return "".join(code(part) if isinstance(part, Code) else escaped(part) for part in detail.parts)
