"""What is wrong with files that were built, said of the specs that they were built from.

`dashgen validate` knows what Grafana, Prometheus and Loki refuse. The same checks run here before anything is
written.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path as FilePath

from msgspec.structs import replace

from dashgen.check.built_files import check_built_dashboard, check_built_files
from dashgen.check.check_report import Report
from dashgen.check.inventory import Elsewhere
from dashgen.check.sound_panels import SoundPanels
from dashgen.compile.outputs.artifact import Artifact
from dashgen.compile.spec_parts import DashboardParts, part_of_artifact
from dashgen.core.diagnostics import Diagnostic, Location, Severity, Span
from dashgen.core.json_values import Json
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.source.provenance import SpecPart
from dashgen.source.source import Path

_MEANT = lazy_pattern(r"did you mean `([^`]+)`")
_TYPO = 0.85


class _BuiltFile:
    """The data of a file that was built; places in it are those of the specs."""

    def __init__(self, file: str, data: object, part_of: Callable[[Path], SpecPart | None]) -> None:
        self.file = file
        self.data = data
        self._part_of = part_of
        self.parts: dict[Location, SpecPart] = {}

    def location(self, path: Path = (), *, key: bool = False) -> Location:
        part = self._part_of(path)
        if part is None:
            return Location(self.file)
        location = part.location(key=key and part.path[-1:] == path[-1:])
        self.parts[location] = part
        return location


def check_dashboard(
    artifact_path: str,
    data: Json,
    parts: DashboardParts,
    data_sources: Mapping[str, str],
    spec_findings: Sequence[Diagnostic],
    sound: SoundPanels | None = None,
) -> list[tuple[Diagnostic, SpecPart | None]]:
    """Check a dashboard that was built.

    Args:
        artifact_path: its path below the output.
        data: its JSON.
        parts: the parts of the spec that it was made from.
        data_sources: the type of each data source by uid.
        spec_findings: what is known to be wrong with the spec; nothing is said twice.
        sound: the panels of dashboards before it that have no fault.

    Returns:
        The findings, each with the part of the spec that it is about.
    """
    file = _BuiltFile(artifact_path, data, parts)
    report = Report(file, FilePath(artifact_path))
    check_built_dashboard(report, data_sources, sound)
    if not report.problems:
        return []
    return [(_softened(finding, part), part) for finding, part in _of_specs([(file, report)], spec_findings)]


def check_v2_dashboard(
    artifact_path: str,
    envelope: Json,
    parts: Callable[[Path], SpecPart],
    spec_findings: Sequence[Diagnostic],
) -> list[tuple[Diagnostic, SpecPart | None]]:
    """Check the shape of a dashboard built in schema v2; what it shows is checked in the classic form.

    Args:
        artifact_path: its path below the output.
        envelope: its resource.
        parts: the parts of the spec that it was made from.
        spec_findings: what is known to be wrong with the spec; nothing is said twice.

    Returns:
        The findings, each with the part of the spec that it is about.
    """
    from dashgen.check.check_v2 import check_v2  # its schema is as large as the classic one

    file = _BuiltFile(artifact_path, envelope, parts)
    report = Report(file, FilePath(artifact_path))
    check_v2(report, envelope["spec"], "v2", ours=True)
    return [(_softened(finding, part), part) for finding, part in _of_specs([(file, report)], spec_findings)]


def _softened(finding: Diagnostic, part: SpecPart | None) -> Diagnostic:
    """A finding in what the author took from Grafana as it is, which spoils one panel at most, is a warning.

    Grafana passes over keys that it does not know, and a newer one may know them. A key that is nearly a
    known one is a typo.
    """
    if finding.severity is not Severity.ERROR or part is None:
        return finding
    if "raw" in part.path and not _is_typo(finding, part):
        return replace(finding, severity=Severity.WARNING)
    return finding


def _is_typo(finding: Diagnostic, part: SpecPart) -> bool:
    meant = _MEANT.match(finding.hint)
    key = str(part.path[-1]) if part.path else ""
    return bool(
        finding.rule.endswith("/unknown-key")
        and meant
        and SequenceMatcher(None, key, meant[1]).ratio() > _TYPO
    )


def check_files(
    artifacts: Iterable[Artifact], elsewhere: Elsewhere, spec_findings: Sequence[Diagnostic]
) -> list[Diagnostic]:
    """Check the files beside the dashboards; see `check_dashboard`.

    Args:
        artifacts: the files.
        elsewhere: what they may name that is in none of them.
        spec_findings: what is known to be wrong with the specs.
    """
    files = [_built_file(artifact) for artifact in artifacts]
    reports = [Report(file, FilePath(file.file)) for file in files]
    check_built_files(reports, elsewhere)
    return [finding for finding, _ in _of_specs(list(zip(files, reports, strict=True)), spec_findings)]


def _built_file(artifact: Artifact) -> _BuiltFile:
    return _BuiltFile(artifact.path, artifact.data, lambda path: part_of_artifact(artifact.origins, path))


def _of_specs(
    checked: Sequence[tuple[_BuiltFile, Report]], spec_findings: Sequence[Diagnostic]
) -> list[tuple[Diagnostic, SpecPart | None]]:
    """The findings with what they are about, without those whose part of a spec has a finding already."""
    parts = _PartsByLocation([file for file, _ in checked])
    known_findings = _KnownFindings(spec_findings)
    findings: list[tuple[Diagnostic, SpecPart | None]] = []
    first: dict[Location | None, str] = {}
    for file, report in checked:
        for finding in report.problems:
            part = parts.at(finding.location)
            # One rule is written into several files, each with its own checks.
            if first.setdefault(finding.location, file.file) != file.file:
                continue
            if part is None:
                findings.append((finding, None))
            elif not known_findings.covers(finding, part):
                findings.append((part.about(finding), part))
    return findings


class _PartsByLocation:
    """The parts of specs that findings are about, by place."""

    def __init__(self, files: Iterable[_BuiltFile]) -> None:
        self._exact = {location: part for file in files for location, part in file.parts.items()}
        self._lines: dict[tuple[str, int], list[SpecPart]] = {}
        for location, part in self._exact.items():
            if location.span is not None:
                self._lines.setdefault((location.file, location.span.line), []).append(part)

    def at(self, location: Location | None) -> SpecPart | None:
        """The part that a finding is about; the fault of a query is at its character, inside the query."""
        if location is None or location.span is None or location in self._exact:
            return self._exact.get(location) if location else None
        near = self._lines.get((location.file, location.span.line), [])
        return next((part for part in reversed(near) if _holds(part, location.span)), None)


def _holds(part: SpecPart, span: Span) -> bool:
    _, extent = part.extent()
    return extent is not None and _start(extent) <= _start(span) < (extent.end_line, extent.end_column)


def _start(span: Span) -> tuple[int, int]:
    return span.line, span.column


class _KnownFindings:
    """What is known to be wrong, for looking up whether a part of a spec is among it."""

    def __init__(self, spec_findings: Sequence[Diagnostic]) -> None:
        located = [(one, location) for one in spec_findings for location in one.locations()]
        self._places = {location for _, location in located}
        self._messages = {(one.rule, one.own_message, location.file) for one, location in located}
        self._errors: dict[str, list[tuple[int, int]]] = {}
        self._all: dict[str, list[tuple[int, int]]] = {}
        for one, location in located:
            if location.span is None:
                continue
            self._all.setdefault(location.file, []).append(_start(location.span))
            if one.severity is Severity.ERROR:
                self._errors.setdefault(location.file, []).append(_start(location.span))
        for places in (*self._errors.values(), *self._all.values()):
            places.sort()

    def covers(self, finding: Diagnostic, part: SpecPart) -> bool:
        """Whether a finding is known, or its place or the part that it is about has one that is as bad."""
        if finding.location in self._places:
            return True
        file, extent = part.extent()
        if (finding.rule, finding.message, file) in self._messages:
            return True
        places = (self._errors if finding.severity is Severity.ERROR else self._all).get(file)
        if not places or extent is None:
            return False
        index = bisect_left(places, _start(extent))
        return index < len(places) and places[index] < (extent.end_line, extent.end_column)
