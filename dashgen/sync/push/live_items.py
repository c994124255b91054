"""What is in a Grafana, as far as a push has to know it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from dashgen.formats.resources import Key
from dashgen.servers.grafana import Grafana
from dashgen.sync.push.item import LiveItem
from dashgen.sync.push.kinds import kind_of, resource_kinds
from dashgen.sync.push.kinds.resource_kind import ReadRequest
from dashgen.sync.push.ledger import Ledger, read_ledger


class Live:
    """What was read of one Grafana.

    Args:
        items: the resources.
        ledger: what Grafana remembers of earlier pushes.
    """

    def __init__(self, items: Iterable[LiveItem] = (), ledger: Ledger | None = None) -> None:
        self._items = {item.key: item for item in items}
        self.ledger = ledger

    def __iter__(self) -> Iterator[LiveItem]:
        return iter(self._items.values())

    def get(self, key: Key) -> LiveItem | None:
        """One resource, or nothing when it is not there."""
        return self._items.get(key)

    def add(self, item: LiveItem) -> None:
        """Replace a resource by what was read of it again."""
        self._items[item.key] = item

    def of(self, kind: str) -> list[LiveItem]:
        """The resources of one kind."""
        return [live for live in self if live.item.kind == kind]


def read_live(grafana: Grafana, request: ReadRequest) -> Live:
    """Read what a push compares with, several things at once.

    Raises:
        GrafanaError: something cannot be read.
    """
    ledgers: list[Ledger] = []

    def ledger_reader() -> Iterable[LiveItem]:
        ledgers.append(read_ledger(grafana, request.environment))
        return ()

    def reader(read: Callable[[Grafana, ReadRequest], Iterable[LiveItem]]) -> Callable[[], list[LiveItem]]:
        return lambda: list(read(grafana, request))

    kinds = [kind for kind in resource_kinds().values() if kind.is_requested(request)]
    # What takes longest begins first; the rest is read beside it.
    numerous = [reader(kind.read_all) for kind in kinds if kind.is_numerous]
    others = [reader(kind.read_all) for kind in kinds if not kind.is_numerous]
    readers: list[Callable[[], Iterable[LiveItem]]] = [*numerous, ledger_reader, *others]
    items = [item for kind_items in grafana.session.map(lambda read: read(), readers) for item in kind_items]
    ledger = ledgers[0]
    return Live([_with_note(item, ledger) for item in items], ledger)


def _with_note(live: LiveItem, ledger: Ledger) -> LiveItem:
    """A resource with what Grafana keeps beside it."""
    if kind_of(live.item).has_mark:
        return live
    key = live.key
    return replace(
        live,
        noted=ledger.checksums(key),
        intended=ledger.pending(key),
        environment=ledger.environment(key),
    )
