"""What a query needs of its server, compared with the server that a project targets."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from dashgen.query.language import Remark, Requirement


class TargetServer(NamedTuple):
    """The server that queries are written for: its name, its version, and the flags it runs with."""

    name: str
    version: tuple[int, int]
    flags: frozenset[str] = frozenset()


class TargetServers(NamedTuple):
    """The servers that queries are written for, those of the stack that comes with dashgen by default.

    Source: stack/compose.yaml.
    """

    prometheus: TargetServer = TargetServer("Prometheus", (3, 14))
    loki: TargetServer = TargetServer("Loki", (3, 7))
    tempo: TargetServer = TargetServer("Tempo", (3, 0))

    def of_language(self, language: str) -> TargetServer:
        """The target of queries to a type of data source that has a query language."""
        return {"loki": self.loki, "tempo": self.tempo}.get(language, self.prometheus)


DEFAULT_TARGETS: Final = TargetServers()


def requirement_remarks(requirements: Iterable[Requirement], target: TargetServer) -> Iterator[Remark]:
    """What a query needs and its target lacks, each once."""
    subjects: set[str] = set()
    for requirement in requirements:
        remark = _remark(requirement, target)
        if remark is not None and requirement.subject not in subjects:
            subjects.add(requirement.subject)
            yield remark


def _remark(requirement: Requirement, target: TargetServer) -> Remark | None:
    feature, subject, offset = requirement
    is_flagged = feature.flag != "" and (feature.stable is None or target.version < feature.stable)
    lacks_flag = is_flagged and feature.flag not in target.flags
    flag = f" and its flag `{feature.flag}`" if lacks_flag else ""
    if target.version < feature.since:
        message = f"{subject} needs {target.name} {_shown(feature.since)}{flag}"
        hint = f"the project targets {_shown(target.version)}: write it otherwise, or raise `versions:`"
        return Remark("query/version", message, hint, offset)
    if not lacks_flag:
        return None
    message = f"{subject} needs the flag `{feature.flag}` of {target.name}"
    if feature.stable is not None:
        message += f" before {_shown(feature.stable)}"
    hint = (
        f"start {target.name} with `--enable-feature={feature.flag}`, and name the flag under `features:` of "
        "`versions:` in dashgen.yaml"
    )
    return Remark("query/feature", message, hint, offset)


def _shown(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))
