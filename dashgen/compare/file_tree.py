"""Read the resources of a tree of files."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import orjson
from msgspec import Struct, field
from msgspec.structs import replace

from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.errors import SpecError
from dashgen.core.json_values import Json, mapping, mappings, scalar_text
from dashgen.formats.normal.normal_alertmanager import alertmanager_config
from dashgen.formats.normal.normal_dashboard import dashboard_resource
from dashgen.formats.normal.normal_manifests import GIT_SYNC, manifests_of_file
from dashgen.formats.normal.normal_notifications import (
    contact_points_of_file,
    inhibition_rule,
    is_inhibition_rule,
    mute_timings,
    policies_of_file,
    templates_of_file,
)
from dashgen.formats.normal.normal_others import data_sources_of_file, deletions, providers, server_rules
from dashgen.formats.normal.normal_rules import rules_of_file
from dashgen.formats.resources import Key, Resource, Resources
from dashgen.source.as_written import texts_as_written
from dashgen.source.load import decode, load_text

Files = Mapping[str, bytes]
SUFFIXES = (".json", ".yaml", ".yml")
LOCK_FILE = "dashgen.lock.json"
_MARKS = ("panels", "schemaVersion", "templating", "rows", "elements")


class Reading(Struct):
    """The resources in files, and the problems with some of the files."""

    resources: Resources = field(default_factory=Resources)
    problems: list[Diagnostic] = []


def read_both(before: Files, after: Files, specs: Mapping[Key, str] | None = None) -> tuple[Reading, Reading]:
    """Read two trees; files that are the same on both sides are left out, which saves most of the work.

    Args:
        before: the contents of one side by path.
        after: those of the other.
        specs: the spec that a resource is made from, as far as that is known.
    """
    left = {path: content for path, content in before.items() if after.get(path) != content}
    right = {path: content for path, content in after.items() if before.get(path) != content}
    return read_tree(left, specs), read_tree(right, specs)


def read_tree(files: Files, specs: Mapping[Key, str] | None = None) -> Reading:
    """Read the resources of files; the path of a dashboard names its folder.

    Args:
        files: their contents by path, with ``/``, below the tree's root.
        specs: the spec that a resource is made from, as far as that is known.
    """
    reading = Reading()
    for path in sorted(files):
        if not path.endswith(SUFFIXES) or PurePosixPath(path).name == LOCK_FILE:
            continue
        document, problems = _document(path, files[path])
        reading.problems += problems
        for resource in _resources(document, path) if isinstance(document, dict) else ():
            spec = (specs or {}).get(resource.key, "")
            reading.resources.add(replace(resource, spec=spec) if spec else resource)
    return reading


def _document(path: str, content: bytes) -> tuple[Any, list[Diagnostic]]:
    if path.endswith(".json"):
        try:
            return orjson.loads(content), []
        except orjson.JSONDecodeError as error:
            return None, [Diagnostic("file/syntax", f"this is not JSON: {error}", Location(path))]
    try:
        loaded = load_text(path, decode(content, path))
    except SpecError as error:
        return None, list(error.diagnostics)
    return (texts_as_written(loaded.documents[0]) if loaded.documents else None), loaded.diagnostics


def is_dashboard(document: Mapping[str, Any]) -> bool:
    """Whether a JSON document is a dashboard, bare or wrapped."""
    if str(document.get("apiVersion", "")).startswith("dashboard.grafana.app/"):
        return True
    inner = document.get("dashboard")
    return any(mark in document for mark in _MARKS) or isinstance(inner, dict)


def folder_of(path: str) -> str:
    """The path of folder titles in a dashboard's path: the part between ``dashboards/`` and the file."""
    parts = PurePosixPath(path).parts[:-1]
    if "dashboards" in parts:
        parts = parts[parts.index("dashboards") + 1 :]
    return "/".join(parts)


def _resources(document: Json, path: str) -> Iterator[Resource]:
    if path.startswith(GIT_SYNC):
        # The dashboards of the output once more.
        return
    if path.endswith(".json") and is_dashboard(document):
        yield dashboard_resource(document, folder=folder_of(path) or None, path=path)
        return
    if is_inhibition_rule(document):
        name = scalar_text(mapping(document.get("metadata")).get("name"))
        yield inhibition_rule(name, mapping(document.get("spec")), path=path)
        return
    if "kind" in document:
        # A spec, or a resource of Kubernetes.
        yield from manifests_of_file(document, path=path)
        return
    yield from alertmanager_config(document, path=path)
    yield from data_sources_of_file(document.get("datasources"), path=path)
    yield from providers(document.get("providers"), path=path)
    groups = mappings(document.get("groups"))
    if _is_grafana(document, groups):
        for group in groups:
            yield from rules_of_file(group, path=path)
    else:
        yield from server_rules(
            groups, "loki" if "loki" in PurePosixPath(path).parts else "prometheus", path=path
        )
    yield from contact_points_of_file(document.get("contactPoints"), path=path)
    yield from policies_of_file(document.get("policies"), path=path)
    yield from mute_timings(document.get("muteTimes"), path=path)
    yield from templates_of_file(document.get("templates"), path=path)
    yield from deletions(document, path=path)


def _is_grafana(document: Json, groups: Iterable[Json]) -> bool:
    return "apiVersion" in document or any("folder" in group or "orgId" in group for group in groups)
