"""A review as Markdown: the comment on a pull request or merge request."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

from msgspec import Struct

from dashgen.compare import Change, What
from dashgen.compare.render.render_markdown import change_items, resource_name
from dashgen.compare.render.render_summary import extent
from dashgen.core.reporters.markdown_text import code, escaped, html_text, prose, table_row
from dashgen.core.sentence_parts import counted, listed
from dashgen.review.render.fitting_parts import CommentPart, Rank, fitted
from dashgen.review.review import (
    AlertReview,
    ContactLine,
    CostLine,
    DashboardReview,
    PanelPictures,
    Picture,
    Review,
    TouchedThings,
    alike_changes,
)

ImageAddress: TypeAlias = Callable[[str], str]
"""The address of the picture in a file with a name."""

MOST: Final = {"github": 65_000, "gitlab": 990_000}
"""The most characters of a comment, without those of the marker by which it is found again.

GitHub refuses more than 65,536 (`body is too long`), GitLab more than 1,000,000
(``Gitlab::Database::MAX_TEXT_SIZE_LIMIT`` of GitLab 17).
"""
_ITEMS: Final = 30
"""The items of a list in one part of the comment."""
_ROWS: Final = 40
_FEW_PICTURES: Final = 4
"""So many panels of a dashboard are shown; pictures of more are folded."""
_NAMES: Final = 6
_WHOLE: Final = {"layout": "Layout", "dashboard": "All panels"}
"""The headings of pictures that show more than a panel."""


class CommentOptions(Struct, frozen=True):
    """How a comment is written.

    Attributes:
        address: gives the addresses of pictures.
        most: the characters that it may have.
        findings: the findings as Markdown; empty without any.
        included: Markdown that stands below the review, such as the results of other checks.
        with_pictures: whether pictures are in it.
    """

    address: ImageAddress
    most: int = MOST["github"]
    findings: str = ""
    included: str = ""
    with_pictures: bool = True


def render_review(review: Review, options: CommentOptions) -> str:
    """A review as Markdown; empty when there is nothing to show."""
    included = options.included.strip()
    if review.is_empty and not included:
        return ""
    blocks = [*_head(review, options)] if not review.is_empty else []
    by_change = {id(one.change): one for one in review.dashboards}
    for alike in alike_changes([one.change for one in review.dashboards]):
        blocks += _dashboards([by_change[id(change)] for change in alike], options)
    blocks += [block for alert in review.alerts if alert.change is not None for block in _alert(alert)]
    blocks += _rerouted([alert for alert in review.alerts if alert.change is None])
    blocks += [block for change in review.others for block in _change_parts(change)]
    blocks += _touched(review.touched)
    blocks += _costs(review.costs)
    if included:
        blocks.append(CommentPart(Rank.INCLUDED, [included]))
    return fitted(
        blocks, options.most, f"that do not fit; run `dashgen review --against {_plain(review.ref)}`"
    )


def _plain(ref: str) -> str:
    # It stands between backticks.
    return escaped(ref).replace("`", "").replace("\\", "")


def _head(review: Review, options: CommentOptions) -> Iterator[CommentPart]:
    title = f"### Review: {headline(review)}"
    lines = [title, "", f"Compared with {code(review.ref)} at {code(review.commit[:10])}."]
    notes = [f"> {prose(note)}" for note in (*review.notes, *review.warnings)]
    yield CommentPart(Rank.HEAD, [*lines, *(["", *notes[:_ROWS]] if notes else [])])
    if options.findings:
        yield CommentPart(Rank.FINDINGS, [options.findings.strip()])
    if review.other_findings and options.findings:
        count = review.other_findings
        sentence = f"{count} other finding{'s are' if count != 1 else ' is'} on lines that did not change."
        yield CommentPart(Rank.FINDINGS, [sentence])


def headline(review: Review) -> str:
    """What changed, counted: `2 dashboards and 1 alert rule change, 1 finding on changed lines`."""
    alerts = sum(alert.change is not None for alert in review.alerts)
    rerouted = len(review.alerts) - alerts
    parts = [
        counted(count, noun)
        for count, noun in (
            (len(review.dashboards), "dashboard"),
            (alerts, "alert rule"),
            (len(review.others), "other resource" if review.dashboards or alerts else "resource"),
        )
        if count
    ]
    changes = len(review.dashboards) + alerts + len(review.others)
    sentences = [f"{listed(parts)} {'change' if changes != 1 else 'changes'}"] if parts else []
    if rerouted:
        sentences.append(f"{counted(rerouted, 'alert')} {'notify' if rerouted != 1 else 'notifies'} others")
    if review.findings:
        sentences.append(counted(len(review.findings), "finding"))
    return ", ".join(sentences) or "nothing to compare"


def _dashboards(reviews: Sequence[DashboardReview], options: CommentOptions) -> Iterator[CommentPart]:
    """What changes in a dashboard, or in several in which it is the same."""
    pictures = [
        one for number, review in enumerate(reviews) for one in review.pictures if not number or one.after
    ]
    shown = [one for one in pictures if one.before is not None or one.after is not None]
    items = _with_notes(_change_items(reviews[0].change), [one for one in pictures if one not in shown])
    yield from _items(_dashboards_heading(reviews), items)
    for number, one in enumerate(shown if options.with_pictures else ()):
        table = _pictures(one, options.address, is_folded=number >= _FEW_PICTURES)
        yield CommentPart(Rank.PICTURES, table)
    undrawn = sum(review.undrawn for review in reviews)
    if undrawn and options.with_pictures:
        yield CommentPart(Rank.PICTURES, [f"{counted(undrawn, 'panel')} more without pictures."])


def _dashboards_heading(reviews: Sequence[DashboardReview]) -> str:
    if len(reviews) == 1:
        return f"#### {resource_name(reviews[0].change)}"
    names = [resource_name(one.change).removeprefix("dashboard ") for one in reviews]
    more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    return f"#### {len(names)} dashboards: {', '.join(names[:_NAMES])}{more}"


def _with_notes(items: Sequence[str], noted: Sequence[PanelPictures]) -> list[str]:
    """The items of a list, with the notes about panels behind what changes in them."""
    notes = {f"- panel **{escaped(one.panel)}**": prose(one.note) for one in noted}
    merged = []
    for item in items:
        note = next((notes.pop(start) for start in [*notes] if item.startswith(f"{start}:")), "")
        merged.append(f"{item}; {note}" if note else item)
    return [*merged, *(f"{start} {note}" for start, note in notes.items())]


def _change_items(change: Change) -> list[str]:
    """What changes in a resource; of one that came or went, its size."""
    if change.what not in (What.CREATED, What.DELETED):
        return list(change_items(change))
    text = escaped(extent(change))
    return [f"- {change.what}{f': {text}' if text else ''}"]


def _change_parts(change: Change) -> Iterator[CommentPart]:
    """What changes in a resource, under its name."""
    yield from _items(f"#### {resource_name(change)}", _change_items(change))


def _items(heading: str, items: Sequence[str]) -> Iterator[CommentPart]:
    yield CommentPart(Rank.CHANGES, [heading, "", *items[:_ITEMS]])
    yield from _chunks(Rank.CHANGES, items[_ITEMS:])


def _chunks(rank: Rank, items: Sequence[str]) -> Iterator[CommentPart]:
    for start in range(0, len(items), _ITEMS):
        yield CommentPart(rank, items[start : start + _ITEMS])


def _pictures(pictures: PanelPictures, address: ImageAddress, *, is_folded: bool) -> list[str]:
    """A table with the pictures of a panel."""
    verb = {"added": " is added", "removed": " is removed", "around": " looks different"}.get(
        pictures.kind, ""
    )
    name = _WHOLE.get(pictures.kind, f"panel **{escaped(pictures.panel)}**{verb}")
    sides = [(side, one) for side, one in (("before", pictures.before), ("after", pictures.after)) if one]
    table = [
        table_row([side for side, _ in sides]),
        table_row(["---"] * len(sides)),
        table_row([_image(one, address) for _, one in sides]),
    ]
    if not is_folded:
        return [name, "", *table]
    plain = _WHOLE.get(pictures.kind, f"panel {html_text(pictures.panel)}{verb}")
    return ["<details>", f"<summary>{plain}</summary>", "", *table, "", "</details>"]


def _image(picture: Picture, address: ImageAddress) -> str:
    return f"![{escaped(picture.text)}]({address(picture.name)})"


def _alert(alert: AlertReview) -> Iterator[CommentPart]:
    change = alert.change
    if change is None:
        return
    blocks = list(_change_parts(change))
    lines = [*_notified(alert)]
    if alert.coverage:
        lines.append(f"- tests: {escaped(alert.coverage)}")
    if alert.tests and all(test.before == test.after for test in alert.tests):
        lines.append("- on the data of its tests it fires when it did before")
    lines += [f"- a test fails now: {prose(one.message)}" for one in alert.failures[:_ROWS]]
    # A list goes on in the lines below it.
    yield from blocks[:-1]
    yield CommentPart(Rank.CHANGES, [*blocks[-1].lines, *lines])
    different = [test for test in alert.tests if test.before != test.after]
    if different:
        rows = [
            table_row((escaped(test.name), escaped(test.before or "it was not there"), escaped(test.after)))
            for test in different[:_ROWS]
        ]
        head = table_row(("on the data of its test", "before", "after"))
        yield CommentPart(Rank.TOUCHED, [head, table_row(["---"] * 3), *rows])


def _notified(alert: AlertReview) -> Iterator[str]:
    before, after = _contacts(alert.before), _contacts(alert.after)
    if not before or not after:
        yield f"- {after or f'before: {before}'}"
    elif before == after:
        yield f"- {after}, as before"
    else:
        yield f"- {after}; before: {before}"


def _contacts(line: ContactLine) -> str:
    """Who is notified, as a sentence; empty without a rule."""
    if not line.contacts:
        return f"no contact point of the specs: {escaped(line.reason)}" if line.reason else ""
    silences = f", muted during {listed([escaped(one) for one in line.silences])}" if line.silences else ""
    return f"notifies {escaped(line.contacts)}{silences}"


def _rerouted(alerts: Sequence[AlertReview]) -> Iterator[CommentPart]:
    if not alerts:
        return
    rows = [
        table_row((f"**{escaped(one.title)}**", _contacts(one.before), _contacts(one.after)))
        for one in alerts[:_ROWS]
    ]
    more = [f"… and {len(alerts) - _ROWS} more"] if len(alerts) > _ROWS else []
    head = [table_row(("alert", "before", "after")), table_row(["---"] * 3)]
    yield CommentPart(
        Rank.CHANGES, ["#### Who is notified", "", *head, *rows, *(["", *more] if more else [])]
    )


def _touched(touched: Sequence[TouchedThings]) -> Iterator[CommentPart]:
    if touched:
        items = [f"- {_touched_sentence(one)}" for one in touched]
        yield CommentPart(Rank.TOUCHED, ["#### What that touches", "", *items[:_ITEMS]])
        yield from _chunks(Rank.TOUCHED, items[_ITEMS:])


def _touched_sentence(touched: TouchedThings) -> str:
    kind, _, name = touched.subject.partition(":")
    word = {"contact_point": "contact point", "datasource": "data source"}.get(kind, kind)
    parts = []
    if touched.dashboards:
        panels = f"{counted(touched.panels, 'panel')} on " if touched.panels else ""
        parts.append(f"{panels}{counted(len(touched.dashboards), 'dashboard')}{_named(touched.dashboards)}")
    for names, noun in (
        (touched.alerts, "alert rule"),
        (touched.reports, "report"),
        (touched.others, "other"),
    ):
        if names:
            parts.append(f"{counted(len(names), noun)}{_named(names)}")
    return f"{word} {code(name)}, which is {touched.verb}: used by {listed(parts)}"


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    return f" ({', '.join(code(name) for name in names[:_NAMES])}{more})"


def _costs(costs: Sequence[CostLine]) -> Iterator[CommentPart]:
    if not costs:
        return
    rows = [_cost_row(f"**{escaped(one.title)}**", one.queries, one.per_minute, one.series) for one in costs]
    if len(costs) > 1:
        queries = (sum(one.queries[0] for one in costs), sum(one.queries[1] for one in costs))
        rates = (sum(one.per_minute[0] for one in costs), sum(one.per_minute[1] for one in costs))
        rows.insert(0, _cost_row("all of them", queries, rates, (None, None)))
    head = table_row(("queries of", "at each refresh", "a minute and viewer", "series at most"))
    more = [f"… and {len(rows) - _ROWS} more"] if len(rows) > _ROWS else []
    table = [head, table_row(["---"] * 4), *rows[:_ROWS]]
    yield CommentPart(Rank.TOUCHED, ["#### Cost of queries", "", *table, *(["", *more] if more else [])])


def _cost_row(
    name: str,
    queries: tuple[int, int],
    rates: tuple[float, float],
    series: tuple[int | None, int | None],
) -> str:
    return table_row((name, _step(*queries), _step(*rates), _step(*series)))


def _step(before: float | None, after: float | None) -> str:
    """Two numbers, or one when both are the same."""
    shown = ["unknown" if one is None else f"{one:g}" for one in (before, after)]
    return shown[0] if shown[0] == shown[1] else " → ".join(shown)
