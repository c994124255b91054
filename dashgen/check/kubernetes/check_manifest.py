"""Check a resource of Kubernetes: its name, size and schema, and what its controller refuses beyond that."""

from typing import Final

from dashgen.check.check_report import Path, Report, text_of
from dashgen.check.dashboard_shape import schema_findings
from dashgen.check.kubernetes.check_autoscaling import check_autoscaler, check_scaled_object
from dashgen.check.kubernetes.check_inhibition import check_inhibition_rule
from dashgen.check.kubernetes.resource_kinds import API_VERSIONS, FOLDER_API, MAPS
from dashgen.check.kubernetes.resource_schemas import resource_schema
from dashgen.core.json_values import Json, mapping
from dashgen.core.lazy_pattern import lazy_pattern

MAX_BYTES: Final = 1024 * 1024
"""What the values of a ConfigMap or a Secret may have together (`MaxSecretSize` of Kubernetes)."""
_NAME: Final = lazy_pattern(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_LABEL: Final = lazy_pattern(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
_LONGEST: Final = 253
_RULES: Final = {
    "unknown-key": "kubernetes/unknown-key",
    "missing-key": "kubernetes/missing-key",
    "wrong-type": "kubernetes/wrong-type",
    "unknown-value": "kubernetes/unknown-value",
    "out-of-range": "kubernetes/out-of-range",
    "empty": "kubernetes/empty",
}


def check_manifest(report: Report) -> None:
    """Report what Kubernetes or a controller would refuse of a resource, and keys that it would drop."""
    data = mapping(report.data)
    kind = text_of(data.get("kind"))
    _check_metadata(report, data)
    if kind in MAPS:
        _check_size(report, data)
    elif kind == "Folder":
        _check_folder(report, data)
    elif data.get("apiVersion") == API_VERSIONS.get(kind):
        _check_schema(report, data, kind)
        if kind == "ScaledObject":
            check_scaled_object(report, mapping(data.get("spec")))
        elif kind == "HorizontalPodAutoscaler":
            check_autoscaler(report, mapping(data.get("spec")))
        elif kind == "InhibitionRule":
            check_inhibition_rule(report, mapping(data.get("spec")))


def _check_metadata(report: Report, data: Json) -> None:
    metadata = mapping(data.get("metadata"))
    name = metadata.get("name")
    if name is None:
        if "generateName" not in metadata:
            where: Path = ("metadata",) if "metadata" in data else ()
            report.error("kubernetes/name", where, "the resource has no name", "add `metadata: {name: …}`")
        return
    # The uid of a folder or dashboard of Grafana is its name there, and has other letters.
    if text_of(data.get("apiVersion")).startswith(FOLDER_API):
        return
    if not isinstance(name, str) or not _NAME.fullmatch(name) or len(name) > _LONGEST:
        message = f"`{text_of(name)}` is no name of Kubernetes"
        hint = "use lower-case letters, digits, `-` and `.`, at most 253"
        report.error("kubernetes/name", ("metadata", "name"), message, hint)
    _check_labels(report, mapping(metadata.get("labels")))


def _check_labels(report: Report, labels: Json) -> None:
    for key, value in labels.items():
        if not isinstance(value, str) or not _LABEL.fullmatch(value):
            message = f"the label `{key}` has a value that Kubernetes refuses"
            hint = "use a text of at most 63 letters, digits, `-`, `_` and `.`"
            report.error("kubernetes/label", ("metadata", "labels", key), message, hint)


def _check_size(report: Report, data: Json) -> None:
    sections = (mapping(data.get(section)) for section in ("data", "stringData", "binaryData"))
    size = sum(len(text.encode()) for values in sections for text in values.values() if isinstance(text, str))
    if size > MAX_BYTES:
        message = f"the values have {size / MAX_BYTES:.1f} MiB, and a {data['kind']} holds 1 MiB"
        report.error("kubernetes/size", ("data",), message, "split it into several")


def _check_folder(report: Report, data: Json) -> None:
    if not text_of(mapping(data.get("spec")).get("title")).strip():
        where: Path = ("spec",) if "spec" in data else ()
        message = "the folder has no title: it is called as its directory"
        report.warning("kubernetes/empty", where, message, "add `title`")


def _check_schema(report: Report, data: Json, kind: str) -> None:
    for finding in schema_findings(resource_schema(kind), {"spec": data.get("spec")}, f"the {kind}"):
        rule = _RULES[finding.slug]
        if finding.slug == "unknown-key":
            message = f"{finding.message}: Kubernetes drops it"
            report.warning(rule, finding.path, message, finding.hint, key=finding.at_key)
        else:
            report.error(rule, finding.path, finding.message, finding.hint, key=finding.at_key)
