"""Read public dashboards of schema v2, write them again, and compare each value; validate them as they are.

    .venv/bin/python -m tests.tools.public_v2 FOLDER… [--show N] [--import]

The folders hold resources as ``*.json``, ``*.yaml``; public files are not kept in the repository, `SOURCES` says where they
are from. `plain` knows by itself what of a v2 dashboard says nothing. Printed is what is lost or changed, the tabs and rows
as the reader has them, and what `validate` finds. `--import` imports each, builds the spec, writes it as schema v2 and compares all of it with the original
in the normal form; `DELIBERATE` is what an import changes on purpose.
"""

import argparse
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct

from dashgen.check.check_tree import validate_paths
from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.formats.normal.filled_values import without_filled_in
from dashgen.formats.normal.normal_dashboard import dashboard_resource
from dashgen.formats.v2 import extended_dashboard, is_v2, v2_spec
from dashgen.importer.exported_inputs import ImportInput
from dashgen.importer.import_dashboard import Importer
from dashgen.importer.import_files import import_dashboard
from dashgen.importer.import_summary import import_facts
from tests.importer.support import importer_for, rebuilt, small_project

Json = dict[str, Any]
SOURCES = {
    "cybertec-postgresql/pgwatch": ("6a0ab4e1baf4f061c3ec9ff01c8f12ca4d125e1b", "grafana/*/v13/*.json"),
    "endurance1968/evcc-grafana-dashboards": (
        "eaf041932c01c6eec01b5ca6f1ccfd99dbb98846",
        "dashboards/*/VM_EVCC_TAB_*.json",
    ),
    "giantswarm/dashboards": ("ccca1aade2d3ddabbd3b72bba5bcf5f9992b4d43", "helm/dashboards/*.json"),
    "billimek/k8s-gitops": (
        "ff56e2511d273f5bea4cd07a1b442f5e89c0e035",
        "kubernetes/monitoring/grafana/dashboards/grafanadashboard-node-metrics.yaml",
    ),
    "grafana/grafana-operator": (
        "60d3ebd2b21a7736970cac8964aa71f7a4ac2ecc",
        "examples/manifests/dashboards-v2/resources.yaml",
    ),
    "apache/ozone": (
        "78d5650c313f2fa0731bdf08b76d4604090dabca",
        "hadoop-ozone/dist/src/main/compose/common/grafana/dashboards/Ozone - Container Balancer Metrics.json",
    ),
}
"""Public repositories with dashboards of schema v2: the commit that was read, and the pattern of their paths."""
_USUAL: dict[str, tuple[Any, ...]] = {
    "allowCustomValue": (True,), "editable": (True,), "maxColumnCount": (3,), "columnWidthMode": ("standard",),
    "rowHeightMode": ("standard",), "version": ("v0",), "hide": ("dontHide",), "cursorSync": ("Off",),
    "refresh": ("never",), "sort": ("disabled",), "source": ("field",),
    "autoRefreshIntervals": (["5s", "10s", "30s", "1m", "5m", "15m", "30m", "1h", "2h", "1d"],),
    "regexApplyTo": ("value",), "valuesFormat": ("csv",),
}  # fmt: skip
"""Values by key that mean the same as no value."""
_UNREAD = {
    "TextVariable": ("options",),
    "ConstantVariable": ("options",),
    "AnnotationQuery": ("legacyOptions",),
}
"""Keys of the specs of some kinds that Grafana does not read, or derives from other keys."""
DELIBERATE: tuple[tuple[str, str], ...] = (
    (r". /(templating|annotations)/list\[\]/datasource.*|. /panels\[\](/targets\[\])?/datasource.*",
     "data sources become the project's; one that a query leaves open is named"),
    (r"- /panels\[\]/targets\[\]/(alias|groupBy|measurement|orderByTime|policy|query|rawQuery|resultFormat|select|tags) = .*",
     "query editors of other data sources left these in queries of Prometheus, whose plugin does not read them"),
    (r'\+ /panels\[\]/fieldConfig/defaults/thresholds = {"steps": \[{"color": "green"}\]}',
     "where a panel has no thresholds, the build writes their base, which every panel has"),
    (r'- /panels\[\]/options/footer = {"show": true}|\+ /panels\[\]/fieldConfig/defaults/custom = {"footer": .*',
     "the footer of a table is an option of the fields since Grafana 12.2"),
)  # fmt: skip
"""What an import changes on purpose, as differences of the normal form, each with why."""
_SIZES = (("columnWidthMode", "columnWidth"), ("rowHeightMode", "rowHeight"))


class Outcome(Struct):
    """What became of one dashboard."""

    name: str
    sections: list[str] = []
    differences: list[str] = []
    notes: list[str] = []
    findings: list[Diagnostic] = []
    imported: str = ""


def plain(value: Any, key: str = "") -> Any:
    """A value of a v2 dashboard without what says nothing: nulls, empty values, defaults, unused sizes."""
    if isinstance(value, list):
        return [plain(part) for part in value]
    if not isinstance(value, dict):
        return value
    # What plugins define is compared as it is.
    if key in ("options", "custom", "legacyOptions"):
        return value
    parts = {name: plain(part, name) for name, part in value.items()}
    if isinstance(parts.get("spec"), dict):
        unread = _UNREAD.get(str(parts.get("kind")), ())
        parts["spec"] = {name: part for name, part in parts["spec"].items() if name not in unread}
    if parts.get("kind") == "DataQuery":
        # The refId stands beside the query; labels name the data source of another Grafana for its import dialog.
        parts["spec"] = {name: part for name, part in parts.get("spec", {}).items() if name != "refId"}
        parts.pop("labels", None)
    if key == "current":
        parts.pop("selected", None)
    for mode, size in _SIZES:
        if parts.get(mode) != "custom":
            parts.pop(size, None)
    return {
        name: part
        for name, part in parts.items()
        if part not in (None, "", [], {}, False) and part not in _USUAL.get(name, ())
    }


def differences(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """What differs between two values, each with its path."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            if key not in after:
                yield f"- {path}/{key} = {json.dumps(before[key])[:140]}"
            elif key not in before:
                yield f"+ {path}/{key} = {json.dumps(after[key])[:140]}"
            else:
                yield from differences(before[key], after[key], f"{path}/{key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for first, second in zip(before, after, strict=True):
            yield from differences(first, second, f"{path}[]")
    elif before != after:
        yield f"~ {path} = {json.dumps(before)[:100]} → {json.dumps(after)[:100]}"


def resources(path: Path) -> Iterator[tuple[str, Json]]:
    """The dashboards of schema v2 in a file, wrapped or in another resource, with their versions."""
    text = path.read_text(encoding="utf-8")
    documents = yaml.safe_load_all(text) if path.suffix != ".json" else [json.loads(text)]
    todo = list(documents)
    while todo:
        item = todo.pop()
        if isinstance(item, str) and '"elements"' in item:
            todo.append(json.loads(item))
        elif isinstance(item, dict) and is_v2(item.get("spec")):
            yield str(item.get("apiVersion", "")).rpartition("/")[2], item["spec"]
        elif is_v2(item):
            yield "v2", item
        elif isinstance(item, dict):
            todo += item.values()
        elif isinstance(item, list):
            todo += item


def examine(name: str, version: str, spec: Json) -> Outcome:
    """Read, write, compare and validate one dashboard."""
    extended = extended_dashboard(spec, "x")
    written = v2_spec(extended.dashboard)
    outcome = Outcome(name, notes=[note for _, note in extended.notes])
    for panel in extended.dashboard["panels"]:
        if panel["type" if "type" in panel else "title"] == "row":
            dynamic = panel.get("dynamic", {})
            mark = "tab" if dynamic.get("kind") == "tab" else "row"
            outcome.sections.append("  " * dynamic.get("level", 0) + f"{mark} {panel['title']}")
    outcome.differences = list(differences(plain(spec), plain(written)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dashboards" / "x.json"
        path.parent.mkdir()
        envelope = {
            "apiVersion": f"dashboard.grafana.app/{version}",
            "kind": "Dashboard",
            "metadata": {"name": "x"},
            "spec": spec,
        }
        path.write_text(json.dumps(envelope, indent=1))
        found = validate_paths([path], show=lambda one: one.name)
    outcome.findings = [finding for finding in found if finding.severity is not Severity.INFO]
    return outcome


def import_of(name: str, version: str, spec: Json, importer: Importer) -> str:
    """What became of one dashboard that was imported and built again."""
    # Dashboards with this tag keep the ids of all their panels, so panels can be compared with their own.
    spec = {**spec, "tags": [*spec.get("tags", []), "dashgen"]}
    envelope = {"apiVersion": f"dashboard.grafana.app/{version}", "metadata": {"name": "x"}, "spec": spec}
    file = import_dashboard(ImportInput(name, envelope, 1), importer)
    if isinstance(file, Diagnostic):
        return f"not imported: {file.message}"
    parts = [import_facts(file).size]
    parts += [f"does not build: {one.message}" for one in file.imported.problems]
    parts += [f"differs: {one}" for one in file.imported.differences]
    parts += [f"lost: {what}" for what, _ in file.imported.notes.lost()]
    if not file.imported.problems:
        parts += list(unexplained(spec, rebuilt(file, importer)))
    return "; ".join(parts)


def unexplained(spec: Json, built: Json) -> Iterator[str]:
    """What differs between a dashboard and what its spec builds to as schema v2, without what is `DELIBERATE`."""
    live, ours = (dashboard_resource({**one, "uid": "x"}) for one in (spec, v2_spec(built)))
    for line in differences(without_filled_in(live, ours).data, ours.data):
        if not any(re.fullmatch(pattern, line, re.DOTALL) for pattern, _ in DELIBERATE):
            yield line


def main() -> None:
    """Print the table, what is lost or changed, and what is found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--show", type=int, default=40)
    parser.add_argument("--import", dest="imports", action="store_true")
    args = parser.parse_args()
    outcomes = []
    importer = importer_for(small_project(Path(tempfile.mkdtemp())))
    for folder in args.folders:
        for path in sorted(one for one in folder.rglob("*") if one.suffix in (".json", ".yaml", ".yml")):
            for version, spec in resources(path):
                name = str(path.relative_to(folder))
                outcomes.append(examine(name, version, spec))
                if args.imports:
                    outcomes[-1].imported = import_of(name, version, spec, importer)
    kinds = Counter(line.partition(" = ")[0] for one in outcomes for line in one.differences)
    first = {line.partition(" = ")[0]: f"{line} ({one.name})" for one in outcomes for line in one.differences}
    for kind, count in kinds.most_common(args.show):
        sys.stdout.write(f"{count:6} {first[kind]}\n")
    found = Counter((finding.rule, str(finding.severity)) for one in outcomes for finding in one.findings)
    example = {
        finding.rule: f"{finding.message[:150]} ({one.name})" for one in outcomes for finding in one.findings
    }
    for (rule, severity), count in found.most_common(args.show):
        sys.stdout.write(f"{count:6} {severity} {rule}: {example[rule]}\n")
    for one in outcomes:
        sections = "; ".join(part.strip() for part in one.sections)
        counts = f"{len(one.differences)} differences, {len(one.notes)} notes, {len(one.findings)} findings"
        sys.stdout.write(f"{one.name}: {counts}: {sections[:300]}\n")
        if one.imported:
            sys.stdout.write(f"    import: {one.imported[:600]}\n")
    same = sum(one.imported != "" and "; " not in one.imported.partition("`raw:`; ")[2] for one in outcomes)
    sys.stdout.write(f"{len(outcomes)} dashboards, {same} the same after import and build\n")


if __name__ == "__main__":
    main()
