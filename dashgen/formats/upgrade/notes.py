"""What an import keeps, converts and leaves out."""

from collections import Counter

from msgspec import Struct, field

from dashgen.core.json_values import Json


class Notes(Struct):
    """The notes of an upgrade or an import.

    Attributes:
        dropped: what is not in the spec, with how often.
        harmless: what of it nobody can see the loss of.
        converted: what became something else, with how often.
        sources: data sources that no spec describes: alias, plugin type, uid.
        raw: the panels that need ``raw:``, with the keys in it.
        originals: the panels of the original, in the order of those of the spec.
        unread: the keys that Grafana does not read and the build refuses, each after the part that has it.
        refused: queries that the build would refuse, with the reason; their text is in ``raw:``.
    """

    dropped: Counter[str] = field(default_factory=Counter)
    harmless: set[str] = set()
    converted: Counter[str] = field(default_factory=Counter)
    sources: dict[str, tuple[str, str]] = {}
    raw: list[tuple[str, list[str]]] = []
    originals: list[Json] = []
    refused: list[tuple[str, str]] = []
    unread: set[str] = set()

    def drop(self, what: str, *, harmless: bool = False) -> None:
        """Note something that the spec does not have; a harmless loss is reported only on request."""
        self.dropped[what] += 1
        if harmless:
            self.harmless.add(what)

    def lost(self) -> list[tuple[str, int]]:
        """What the spec does not have and somebody may miss, with how often."""
        return [(what, count) for what, count in self.dropped.items() if what not in self.harmless]

    def convert(self, what: str) -> None:
        """Note something that was converted."""
        self.converted[what] += 1
