"""The dashboards that are shown, and where their specs are."""

from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from typing import Final, NamedTuple, TypeAlias

import msgspec
from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.json_values import Json, items, text
from dashgen.project.build import no_collection
from dashgen.project.inspection import InspectedDashboard, Inspection

_ENCODER: Final = msgspec.json.Encoder(enc_hook=str)


class ShownDashboard(Struct, frozen=True):
    """A dashboard that is shown.

    Attributes:
        data: Grafana's JSON in the extended classic form.
        folder: the title of its folder.
        location: the file and line of its spec.
        panel_locations: the file and line of each panel's spec, by the panel's number.
        panel_keys: the numbers of panels by their keys in the spec.
    """

    data: Json
    folder: str = ""
    location: str = ""
    panel_locations: Mapping[int, str] = {}
    panel_keys: Mapping[str, int] = {}

    @property
    def uid(self) -> str:
        """Its uid."""
        return text(self.data.get("uid"))

    @property
    def title(self) -> str:
        """Its title."""
        return text(self.data.get("title"))

    @property
    def tags(self) -> list[str]:
        """Its tags."""
        return [tag for tag in items(self.data.get("tags")) if isinstance(tag, str)]


class CompiledJson(NamedTuple):
    """The JSON of a dashboard, None where it does not compile, and what is wrong with it."""

    data: Json | None
    problems: Sequence[Diagnostic]


CompiledMemory: TypeAlias = dict[bytes, CompiledJson]
"""Dashboards that were compiled before, by the hash of their resolved spec and of all that they depend on."""


@no_collection()
def project_dashboards(
    inspection: Inspection,
    uids: Collection[str] = (),
    findings: list[Diagnostic] | None = None,
    memory: CompiledMemory | None = None,
) -> list[ShownDashboard]:
    """The dashboards of a project that compile, in the order of `dashgen list`.

    Args:
        inspection: the settled specs.
        uids: those that are wanted; all when there are none.
        findings: what servers would refuse of them joins it.
        memory: those of the last time, which are replaced by those of this time.
    """
    problems: list[Diagnostic] = [] if findings is None else findings
    before = dict(memory or {})
    now: CompiledMemory = {}
    context = _context_hash(inspection) if memory is not None else b""
    shown = []
    for one in inspection.dashboards:
        if uids and one.settled.uid not in uids:
            continue
        own = _ENCODER.encode([one.resolved.file, one.resolved.data])
        key = sha256(context + own).digest()
        # What is wrong with a dashboard has locations, which change with the lines before it.
        is_unchanged = key in before and not before[key].problems and not one.resolved.broken
        now[key] = before[key] if is_unchanged else _compiled(inspection, one)
        problems += now[key].problems
        if (data := now[key].data) is not None:
            shown.append(_shown(inspection, one, data))
    if memory is not None:
        memory.clear()
        memory.update(now)
    return shown


def _context_hash(inspection: Inspection) -> bytes:
    """The hash of what dashboards depend on beside their own specs, in which components are resolved."""
    document = inspection.workspace.document
    models = {kind: [one.model for one in listed] for kind, listed in inspection.documents.by_kind.items()}
    return sha256(_ENCODER.encode([document.source.text if document else "", models])).digest()


def _compiled(inspection: Inspection, one: InspectedDashboard) -> CompiledJson:
    problems: list[Diagnostic] = []
    compiled = inspection.compiler.one(one.resolved, problems)
    return CompiledJson(compiled.data if compiled else None, problems)


def _shown(inspection: Inspection, one: InspectedDashboard, data: Json) -> ShownDashboard:
    return ShownDashboard(
        data,
        inspection.compiler.folder(one.settled) or "",
        shown_location(one.resolved.origin(("title",)).location()),
        _panel_locations(one),
        {panel.key: panel.id for row in one.settled.rows for panel in row.panels},
    )


def _panel_locations(dashboard: InspectedDashboard) -> dict[int, str]:
    return {
        panel.id: shown_location(dashboard.resolved.origin(panel.path).location())
        for row in dashboard.settled.rows
        for panel in row.panels
    }


def shown_location(location: Location) -> str:
    """A location as people follow it: file and line."""
    return f"{location.file}:{location.span.line}" if location.span else location.file
