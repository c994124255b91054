"""Data sources: ``provisioning/datasources/dashgen.yaml``.

Grafana finds a data source by its name, so the uid is always written, and a renamed one is a new one. With
``prune`` it removes those that left the file by itself; deletions by name come on top for those it got before
that.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from dashgen.compile.outputs.artifact import Artifact, ArtifactResource
from dashgen.compile.outputs.data_links import links_of
from dashgen.compile.outputs.escape_references import with_references
from dashgen.compile.outputs.provisioning_file import ORG_ID, Origins, Tombstone, gone, provisioning_artifact
from dashgen.core.diagnostics import Diagnostic, nearest
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
from dashgen.source.provenance import SpecPart

DATA_SOURCES_FILE = "provisioning/datasources/dashgen.yaml"


def data_sources(
    documents: Sequence[SpecDocument[DataSources]], refs: Refs, tombstones: Iterable[Tombstone] = ()
) -> tuple[list[Artifact], list[Diagnostic]]:
    """The file with every data source, and what is wrong with them; ``refs`` is what their links may name."""
    problems: list[Diagnostic] = []
    entries: list[dict[str, Any]] = []
    resources: list[ArtifactResource] = []
    origins: Origins = []
    for item in placed_data_sources(documents):
        _check(item, problems)
        part = SpecPart(item.document.resolved, item.path)
        resources.append(ArtifactResource("datasource", item.uid, item.name, part.location()))
        origins.append((("datasources", len(entries)), part))
        entries.append(_data_source(item, refs, problems))
    _check_together(list(placed_data_sources(documents)), problems)
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
        return [], problems
    return provisioning_artifact(DATA_SOURCES_FILE, data, resources, origins), problems


def _data_source(item: PlacedDataSource, refs: Refs, problems: list[Diagnostic]) -> dict[str, Any]:
    source = item.source
    secure = _secure(item, problems)
    json_data = {**_json_data(source), **links_of(item, refs, problems), **source.json_data}
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
    interpolated: dict[str, Any] = with_references(entry)
    return interpolated


def _json_data(source: DataSource) -> dict[str, Any]:
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


def _secure(item: PlacedDataSource, problems: list[Diagnostic]) -> dict[str, str]:
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
            problems.append(item.diagnostic("secret/reference", message, *steps, hint=fault[1]))
        else:
            message = f"the {' '.join(steps)} of `{item.name}` is a secret in plain text"
            hint = "write the name of an environment variable of Grafana's, such as `$LOKI_PASSWORD`, and replace the secret: it has been seen"
            problems.append(item.diagnostic("secret/plain-text", message, *steps, hint=hint))
    return {key: value for key, value, _ in secrets if value is not None}


def _check(item: PlacedDataSource, problems: list[Diagnostic]) -> None:
    if not item.name:
        problems.append(item.diagnostic("datasource/name", "a data source has no name", hint="add `name:`"))
    if not item.type:
        hint = "add `type:`, for example `type: prometheus`"
        problems.append(
            item.diagnostic("datasource/type", f"the data source `{item.name}` has no type", hint=hint)
        )
    elif item.type not in KNOWN_TYPES and "-" not in item.type:
        hint = nearest(item.type, KNOWN_TYPES)
        if hint.startswith("did you mean"):
            problems.append(
                item.diagnostic(
                    "datasource/type", f"there is no data source type `{item.type}`", "type", hint=hint
                )
            )


def _check_together(items: list[PlacedDataSource], problems: list[Diagnostic]) -> None:
    defaults = [item for item in items if item.source.default]
    for item in defaults[1:]:
        message = f"`{defaults[0].name}` is the default already; with two Grafana does not start"
        problems.append(
            item.diagnostic(
                "datasource/default", message, "default", hint="keep `default: true` at one of them"
            )
        )
