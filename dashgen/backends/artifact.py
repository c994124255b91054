"""Files in memory that remember what they own and where it was written."""

from dataclasses import dataclass

from dashgen.diagnostics import Location


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that Grafana, Prometheus or Loki will know by its uid, made from a spec.

    ``kind`` is one of dashboard, folder, datasource, alert-rule, recording-rule, contact-point, policies,
    mute-timing, template, rule-group, provider.
    """

    kind: str
    uid: str
    title: str
    location: Location


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file to be written: its path below the output folder (with ``/``), its bytes, and what is in it.

    ``origins`` leads from a JSON path of the file's data to the place in the specs that it was made from; the longest
    prefix of a path counts.
    """

    path: str
    content: bytes
    resources: tuple[Resource, ...] = ()
    origins: tuple[tuple[tuple[str | int, ...], Location], ...] = ()
