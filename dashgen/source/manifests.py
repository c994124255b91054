"""Kubernetes resources that carry dashboards, provisioning files or rules.

A sidecar of Grafana writes each entry of a labelled ConfigMap or Secret to a file (kiwigrid/k8s-sidecar,
README: `data` and `stringData`; its annotation `k8s-sidecar-target-directory` and the Grafana chart's
`grafana_folder` name the folder); the Grafana operator reads `GrafanaDashboard`
(grafana.integreatly.org/v1beta1 and integreatly.org/v1alpha1, `spec.json`, `spec.gzipJson`); the Prometheus
operator reads `PrometheusRule` (monitoring.coreos.com/v1), the Loki operator `AlertingRule` and
`RecordingRule` (loki.grafana.com/v1).
"""

import base64
import binascii
import gzip
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from msgspec import Struct

from dashgen.core.diagnostics import Location, Span
from dashgen.core.json_values import Json, mapping
from dashgen.source.load import Document
from dashgen.source.located import Located, Path
from dashgen.source.provenance import Origin

_FOLDER_ANNOTATIONS: Final = ("grafana_folder", "grafana-folder", "k8s-sidecar-target-directory")
_LISTS: Final = frozenset(
    {"List", "ConfigMapList", "SecretList", "PrometheusRuleList", "GrafanaDashboardList"}
)
_MAPS: Final = {"ConfigMap": "data", "Secret": "stringData"}
_LARGEST: Final = 16 * 1024 * 1024


class EmbeddedFile(Struct, frozen=True):
    """What one resource carries.

    Attributes:
        name: the name of the file that it stands for, such as `service.json`.
        path: where it stands in the resource.
        text: its text; nothing when it is plain data of the resource, as the groups of a `PrometheusRule`
            are.
        data: the plain data; nothing when there is a text.
        folder: the folder in Grafana that the resource names, empty when it names none.
        is_exact: whether `text` stands in the resource character by character.
    """

    name: str
    path: Path
    text: str | None = None
    data: Any = None
    folder: str = ""
    is_exact: bool = True


def is_manifest(data: object) -> bool:
    """Whether plain data is a Kubernetes resource of a kind that `embedded_files` opens."""
    if not isinstance(data, dict) or not isinstance(data.get("kind"), str) or "apiVersion" not in data:
        return False
    kind = data["kind"]
    if kind in _LISTS:
        return isinstance(data.get("items"), list)
    return kind in _MAPS or (kind in _SPECS and isinstance(data.get("spec"), dict))


def embedded_files(data: Any, path: Path = ()) -> Iterator[EmbeddedFile]:
    """The files in a Kubernetes resource, or in all resources of a list; nothing for any other data.

    Args:
        data: plain data of one YAML or JSON document.
        path: where it stands in its document.
    """
    if not is_manifest(data):
        return
    kind = data["kind"]
    if kind in _LISTS:
        for index, item in enumerate(data["items"]):
            if isinstance(item, dict) and item.get("kind") not in _LISTS:
                yield from embedded_files(item, (*path, "items", index))
    elif kind in _MAPS:
        yield from _mapped(data, _MAPS[kind], path)
    else:
        yield from _SPECS[kind](data, path)


def _mapped(data: Json, section: str, path: Path) -> Iterator[EmbeddedFile]:
    for name, text in mapping(data.get(section)).items():
        if isinstance(text, str) and str(name).lower().endswith(_SUFFIXES):
            yield EmbeddedFile(str(name), (*path, section, name), text, folder=_folder(data))


_SUFFIXES: Final = (".json", ".yaml", ".yml")


def _folder(data: Json) -> str:
    """The folder that an annotation names; of a path of the sidecar, its last part."""
    annotations = mapping(mapping(data.get("metadata")).get("annotations"))
    for key in _FOLDER_ANNOTATIONS:
        value = annotations.get(key)
        if isinstance(value, str) and value.strip():
            return value.rstrip("/").rpartition("/")[2]
    return ""


def _name(data: Json, fallback: str) -> str:
    name = mapping(data.get("metadata")).get("name")
    return name if isinstance(name, str) and name else fallback


def _prometheus_rule(data: Json, path: Path) -> Iterator[EmbeddedFile]:
    yield EmbeddedFile(f"{_name(data, 'rules')}.yaml", (*path, "spec"), data=data["spec"])


def _grafana_dashboard(data: Json, path: Path) -> Iterator[EmbeddedFile]:
    spec, name = data["spec"], f"{_name(data, 'dashboard')}.json"
    folder = spec.get("folder")
    folder = folder if isinstance(folder, str) else ""
    if isinstance(spec.get("json"), str):
        yield EmbeddedFile(name, (*path, "spec", "json"), spec["json"], folder=folder)
    elif isinstance(spec.get("gzipJson"), str):
        text = _unzipped(spec["gzipJson"])
        if text is not None:
            yield EmbeddedFile(name, (*path, "spec", "gzipJson"), text, folder=folder, is_exact=False)


def _unzipped(packed: str) -> str | None:
    """Text from base64 of gzip; nothing when it is neither, or larger than a dashboard may be."""
    try:
        # Read up to the limit only: a few bytes of gzip can hold gigabytes.
        packed_bytes = base64.b64decode("".join(packed.split()), validate=True)
        with gzip.GzipFile(fileobj=BytesIO(packed_bytes)) as stream:
            raw = stream.read(_LARGEST + 1)
        return raw.decode() if len(raw) <= _LARGEST else None
    except (binascii.Error, OSError, EOFError, ValueError):
        return None


def _loki_rule(data: Json, path: Path) -> Iterator[EmbeddedFile]:
    groups = {key: data["spec"][key] for key in ("groups",) if key in data["spec"]}
    yield EmbeddedFile(f"{_name(data, 'rules')}.yaml", (*path, "spec"), data=groups)


_SPECS: Final = {
    "PrometheusRule": _prometheus_rule,
    "GrafanaDashboard": _grafana_dashboard,
    "AlertingRule": _loki_rule,
    "RecordingRule": _loki_rule,
}


class EmbeddedData(Struct, frozen=True):
    """Plain data inside a document, with its places there."""

    document: Located
    path: Path
    data: Any

    @property
    def file(self) -> str:
        """The name of the file as it is shown to the user."""
        return self.document.file

    def location(self, path: Path = (), *, key: bool = False) -> Location:
        """Where the value at ``path``, or with ``key`` its key, stands."""
        return self.document.location((*self.path, *path), key=key)


class EmbeddedText(Struct, frozen=True):
    """A file that stands as a text in a document: places in it become places in the document.

    Attributes:
        document: the document around it.
        part: where it stands there, and its text.
        inner: the file read for itself.
    """

    document: Located
    part: EmbeddedFile
    inner: Located

    @property
    def file(self) -> str:
        """The name of the file as it is shown to the user."""
        return self.document.file

    @property
    def data(self) -> Any:
        """The plain data of the embedded file."""
        return self.inner.data

    def location(self, path: Path = (), *, key: bool = False) -> Location:
        """Where the value at ``path``, or with ``key`` its key, stands."""
        return outside(self.document, self.part, self.inner.location(path, key=key))


def outside(document: Located, part: EmbeddedFile, location: Location) -> Location:
    """A place in an embedded text as a place in the document around it.

    Args:
        document: the document around the text.
        part: where the text stands there.
        location: a place in the text.
    """
    # Unzipped or generated text has no characters in the document, only the place of the whole.
    whole = document.location(part.path)
    if location.span is None or not part.is_exact or part.text is None or not isinstance(document, Document):
        return whole
    lines = part.text.split("\n")
    if not 1 <= location.span.line <= len(lines):
        return whole
    # The character of the text, which `Origin.character` finds through the document's escapes and folds.
    offset = sum(len(line) + 1 for line in lines[: location.span.line - 1]) + location.span.column - 1
    source_location = Origin(document, part.path).character(offset, part.text)
    if (
        source_location.span is None
        or location.span.end_line != location.span.line
        or source_location == whole
    ):
        return source_location
    # The width is that of the embedded text; its escapes may make it longer in the document.
    width = max(location.span.end_column - location.span.column, 1)
    span = source_location.span
    return Location(source_location.file, Span(span.line, span.column, span.line, span.column + width))
