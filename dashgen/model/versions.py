"""The versions of the servers that a project targets: `versions:` in the project file."""

from typing import Annotated, Literal, TypeAlias

from dashgen.model.base import Spec, doc, form
from dashgen.query.required_versions import TargetServer, TargetServers

Version: TypeAlias = Annotated[str, form("a version", r"^[0-9]+(?:\.[0-9]+){0,2}$", "12.4")]
ServerFlag: TypeAlias = Literal[
    "promql-at-modifier",
    "promql-binop-fill-modifiers",
    "promql-duration-expr",
    "promql-experimental-functions",
    "promql-extended-range-selectors",
    "promql-negative-offset",
]
"""The values of Prometheus' `--enable-feature` that add to PromQL (docs/feature_flags.md there)."""


class Versions(Spec, kw_only=True):
    """The servers that queries are written for; what they lack is a warning."""

    prometheus: Annotated[
        Version, doc("The version of Prometheus, or the one that yours is like.", "3.5")
    ] = "3.14"
    loki: Annotated[Version, doc("The version of Loki.", "3.5")] = "3.7"
    tempo: Annotated[Version, doc("The version of Tempo.", "2.9")] = "3.0"
    grafana: Annotated[
        Version | None,
        doc("The version of Grafana; the default is that of `grafana:` beside `versions:`.", "12.4"),
    ] = None
    features: Annotated[
        list[ServerFlag],
        doc(
            "What Prometheus runs with as `--enable-feature`, as far as it adds to PromQL.",
            ["promql-experimental-functions"],
        ),
    ] = []

    def targets(self) -> TargetServers:
        """The target of queries by the type of their data source."""
        return TargetServers(
            TargetServer("Prometheus", _parts(self.prometheus), frozenset(self.features)),
            TargetServer("Loki", _parts(self.loki)),
            TargetServer("Tempo", _parts(self.tempo)),
        )


def _parts(version: str) -> tuple[int, int]:
    """The first two numbers of a version."""
    major, minor, *_ = [*map(int, version.split(".")), 0]
    return major, minor
