"""Files in memory that remember what they own and where it was written."""

from typing import Any

from msgspec import Struct

from dashgen.core.diagnostics import Location
from dashgen.source.provenance import SpecPart
from dashgen.source.source import Path


class ArtifactResource(Struct, frozen=True):
    """Something that Grafana, Prometheus or Loki will know by its uid, made from a spec.

    ``kind`` is one of dashboard, folder, datasource, alert-rule, recording-rule, contact-point, policies,
    mute-timing, inhibition-rule, template, rule-group, provider.
    """

    kind: str
    uid: str
    title: str
    location: Location


class Artifact(Struct, frozen=True):
    """A file to be written: its path below the output folder (with ``/``), its bytes, and what is in it.

    ``data`` is what the bytes say. ``origins`` leads from a path in it to the part of the specs that it was
    made from; the longest prefix of a path counts.
    """

    path: str
    content: bytes
    resources: tuple[ArtifactResource, ...] = ()
    origins: tuple[tuple[Path, SpecPart], ...] = ()
    data: Any = None
