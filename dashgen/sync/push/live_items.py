"""What a Grafana has, as far as a push has to know it."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from dashgen.formats.resources import Key
from dashgen.servers.grafana import Grafana
from dashgen.sync.push.item import LiveItem
from dashgen.sync.push.kinds import kind_of, resource_kinds
from dashgen.sync.push.kinds.resource_kind import ReadRequest, ResourceKind
from dashgen.sync.push.ledger import Ledger, read_ledger


class Live:
    """What was read of one Grafana.

    Args:
        items: the resources.
        ledger: what Grafana remembers of earlier pushes.
        lacking: the kinds that this Grafana has nothing of, each with the reason.
    """

    def __init__(
        self,
        items: Iterable[LiveItem] = (),
        ledger: Ledger | None = None,
        lacking: Mapping[str, str] | None = None,
    ) -> None:
        self._items = {item.key: item for item in items}
        self.ledger = ledger
        self.lacking = lacking or {}

    def __iter__(self) -> Iterator[LiveItem]:
        return iter(self._items.values())

    def get(self, key: Key) -> LiveItem | None:
        """One resource, or nothing when it is not there."""
        return self._items.get(key)

    def add(self, item: LiveItem) -> None:
        """Replace a resource by what was read of it again."""
        self._items[item.key] = item


def read_live(grafana: Grafana, request: ReadRequest) -> Live:
    """Read what a push compares with, several things at once.

    Raises:
        GrafanaError: something cannot be read.
    """
    ledgers: list[Ledger] = []

    def read_notes() -> Iterable[LiveItem]:
        ledgers.append(read_ledger(grafana, request.environment))
        return ()

    def reader(kind: ResourceKind) -> Callable[[], Iterable[LiveItem]]:
        return lambda: list(kind.read_all(grafana, request))

    kinds = [kind for kind in resource_kinds().values() if kind.is_requested(request)]
    # What takes longest begins first; the rest is read beside it.
    numerous = [reader(kind) for kind in kinds if kind.is_numerous]
    readers = [*numerous, read_notes, *(reader(kind) for kind in kinds if not kind.is_numerous)]
    items = [item for kind_items in grafana.session.map(lambda read: read(), readers) for item in kind_items]
    # The notes were read beside the resources that they are about.
    (ledger,) = ledgers
    lacking = {
        kind.name: reason for kind in kinds if request.of(kind.name) and (reason := kind.lacks(grafana))
    }
    return Live(
        [item if kind_of(item.item).has_mark else ledger.noted(item) for item in items], ledger, lacking
    )
