"""Data sources: ``provisioning/datasources/dashgen.yaml``.

Grafana finds a data source by its name, so the uid is always written, and a renamed one is a new one. With
``prune`` it removes those that left the file by itself; deletions by name come on top for those it got before
that.
"""

from collections.abc import Iterable, Sequence

from dashgen.compile.outputs.artifact import Artifact, ArtifactResource
from dashgen.compile.outputs.data_links import links_of
from dashgen.compile.outputs.escape_references import with_references
from dashgen.compile.outputs.provisioning_file import ORG_ID, Origins, Tombstone, gone, provisioning_artifact
from dashgen.core.diagnostics import Diagnostic, nearest
from dashgen.core.json_values import Json
from dashgen.model.data_source_spec import (
    KNOWN_TYPES,
    DataSource,
    DataSources,
    PlacedDataSource,
    Refs,
    placed_data_sources,
)
from dashgen.model.document import SpecDocument
from dashgen.model.environment_references import is_reference, reference_fault
from dashgen.source.provenance import Reporter, SpecPart

_PLAIN_TEXT = (
    "write the name of an environment variable of Grafana's, such as `$LOKI_PASSWORD`, "
    "and replace the secret: it has been seen"
)
DATA_SOURCES_FILE = "provisioning/datasources/dashgen.yaml"


def data_sources(
    documents: Sequence[SpecDocument[DataSources]], refs: Refs, tombstones: Iterable[Tombstone] = ()
) -> tuple[list[Artifact], list[Diagnostic]]:
    """The file with every data source, and what is wrong with them; ``refs`` is what their links may name."""
    diagnostics: list[Diagnostic] = []
    entries: list[Json] = []
    resources: list[ArtifactResource] = []
    origins: Origins = []
    default: PlacedDataSource | None = None
    for item in placed_data_sources(documents):
        report = item.reporter(diagnostics)
        _check(item, report)
        if default is not None and item.source.default:
            message = f"`{default.name}` is the default already; with two Grafana does not start"
            report.error("datasource/default", message, ("default",), "keep `default: true` at one of them")
        elif item.source.default:
            default = item
        part = SpecPart(item.document.resolved, item.path)
        resources.append(ArtifactResource("datasource", item.uid, item.name, part.location()))
        origins.append((("datasources", len(entries)), part))
        entries.append(_data_source(item, refs, report))
    names = {resource.title for resource in resources}
    dead = [t.name for t in gone(tombstones, "datasource") if t.name and t.name not in names]
    data = {
        "prune": all(document.model.prune for document in documents) and bool(documents),
        "deleteDatasources": [
            {"name": with_references(name), "orgId": ORG_ID} for name in dict.fromkeys(dead)
        ],
        "datasources": entries,
    }
    if not entries and not dead:
        return [], diagnostics
    return provisioning_artifact(DATA_SOURCES_FILE, data, resources, origins), diagnostics


def _data_source(item: PlacedDataSource, refs: Refs, report: Reporter) -> Json:
    source = item.source
    secure = _secure(item, report)
    json_data = {**_json_data(source), **links_of(source, refs, report), **source.json_data}
    optional = {
        "user": source.user,
        "database": source.database,
        "isDefault": source.default,
        "basicAuth": source.basic_auth is not None,
        "basicAuthUser": source.basic_auth.user if source.basic_auth else None,
        "jsonData": json_data,
        "secureJsonData": secure,
    }
    entry = {
        "orgId": ORG_ID,
        "name": item.name,
        "uid": item.uid,
        "type": item.type,
        "access": source.access,
        **({"url": source.url} if source.url else {}),
        **{key: value for key, value in optional.items() if value},
        "editable": source.editable,
        **source.raw,
    }
    interpolated: Json = with_references(entry)
    return interpolated


def _json_data(source: DataSource) -> Json:
    written = {
        "timeout": source.timeout,
        "timeInterval": source.scrape_interval,
        "queryTimeout": source.query_timeout,
        "httpMethod": source.http_method,
        "prometheusType": source.flavor,
        "manageAlerts": source.manage_alerts,
        # Grafana reads this number as a text.
        "maxLines": str(source.max_lines) if source.max_lines else None,
        **{f"httpHeaderName{i}": name for i, name in enumerate(source.headers, 1)},
    }
    if source.tls is not None:
        written |= {
            "tlsSkipVerify": source.tls.skip_verify or None,
            "serverName": source.tls.server_name,
            "tlsAuth": True if source.tls.cert else None,
            "tlsAuthWithCACert": True if source.tls.ca else None,
        }
    return {key: value for key, value in written.items() if value is not None}


def _secure(item: PlacedDataSource, report: Reporter) -> dict[str, str]:
    source = item.source
    secrets: list[tuple[str, str | None, tuple[str, ...]]] = []
    if source.basic_auth:
        secrets.append(("basicAuthPassword", source.basic_auth.password, ("basic_auth", "password")))
    secrets += [
        (f"httpHeaderValue{i}", value, ("headers", name))
        for i, (name, value) in enumerate(source.headers.items(), 1)
    ]
    if source.tls:
        secrets += [
            ("tlsCACert", source.tls.ca, ("tls", "ca")),
            ("tlsClientCert", source.tls.cert, ("tls", "cert")),
        ]
        secrets.append(("tlsClientKey", source.tls.key, ("tls", "key")))
    secrets += [(key, value, ("secure", key)) for key, value in source.secure.items()]
    for _, value, steps in secrets:
        if value is None or is_reference(value):
            continue
        fault = reference_fault(value)
        if fault is not None:
            message = f"the {' '.join(steps)} of `{item.name}` {fault[0]}"
            report.error("secret/reference", message, steps, fault[1])
        else:
            message = f"the {' '.join(steps)} of `{item.name}` is a secret in plain text"
            report.error("secret/plain-text", message, steps, _PLAIN_TEXT)
    return {key: value for key, value, _ in secrets if value is not None}


def _check(item: PlacedDataSource, report: Reporter) -> None:
    if not item.name:
        report.error("datasource/name", "a data source has no name", (), "add `name:`")
    if not item.type:
        hint = "add `type:`, for example `type: prometheus`"
        report.error("datasource/type", f"the data source `{item.name}` has no type", (), hint)
    elif item.type not in KNOWN_TYPES and "-" not in item.type:
        # Other plugins are installed by people; only what looks like a misspelt type is reported.
        hint = nearest(item.type, KNOWN_TYPES)
        if hint.startswith("did you mean"):
            message = f"there is no data source type `{item.type}`"
            report.error("datasource/type", message, ("type",), hint)
