"""The named parts of `Notifications` documents, without those that have no name of their own."""

from collections.abc import Iterator
from typing import TypeVar

from dashgen.core.diagnostics import Diagnostic
from dashgen.model.notification_spec import Named
from dashgen.source.provenance import Reporter

Item = TypeVar("Item")


def distinct_parts(
    items: Iterator[tuple[Named, Item]], what: str, diagnostics: list[Diagnostic]
) -> Iterator[tuple[Named, Item, Reporter]]:
    """The items with a name of their own, each with a reporter; what is wrong with others is reported."""
    names: set[str] = set()
    for named, item in items:
        report = named.reporter(diagnostics)
        if not named.name:
            report.error("notification/name", f"a {what} has no name", (), "add `name:`")
        elif named.name in names:
            message = f"two {what}s are called `{named.name}`"
            report.error("notification/duplicate", message, (), "rename one of them", key=True)
        else:
            names.add(named.name)
            yield named, item, report
