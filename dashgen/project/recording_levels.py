"""Recording rules in the order in which their past can be computed."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from dashgen.compile.outputs.artifact import Artifact
from dashgen.compile.outputs.rule_files import group_data
from dashgen.model.settled_alerts import SettledGroup, SettledRecord
from dashgen.query import LANGUAGES
from dashgen.source.yaml_text import generated_header, yaml_bytes


class RecordingLevels(Struct, frozen=True):
    """Recording rules by level: those of a level read only what the levels before it record.

    ``circular`` are the names that read each other in a circle (often themselves, some time ago); they
    make up the last level, and their past is as incomplete as what they read of it.
    """

    levels: tuple[frozenset[str], ...]
    circular: frozenset[str] = frozenset()


def recording_levels(groups: Iterable[SettledGroup]) -> RecordingLevels:
    """The recording rules that Prometheus evaluates, by level.

    `promtool tsdb create-blocks-from rules` evaluates each rule on its own, on what the server has already:
    a rule that reads another one's series gets nothing as long as these have no past (Prometheus 3.14,
    docs/storage.md, "Backfilling for Recording Rules").

    Args:
        groups: the settled groups.
    """
    reads: dict[str, set[str]] = {}
    for group in groups:
        for record in _records(group):
            parsed = LANGUAGES["prometheus"].parse(record.rule.query)
            names = {use.name for use in parsed.metrics if use.is_literal}
            reads.setdefault(record.rule.record, set()).update(names)
    return _levels(reads)


def _levels(reads: Mapping[str, Collection[str]]) -> RecordingLevels:
    waiting = {name: {read for read in names if read in reads} for name, names in reads.items()}
    levels = []
    while ready := frozenset(name for name, names in waiting.items() if not names & waiting.keys()):
        levels.append(ready)
        waiting = {name: names for name, names in waiting.items() if name not in ready}
    circular = frozenset(waiting)
    return RecordingLevels((*levels, circular) if circular else tuple(levels), circular)


def level_files(groups: Sequence[SettledGroup], levels: RecordingLevels) -> list[Artifact]:
    """A rule file for each level, named so that the order of names is the order of levels.

    Args:
        groups: the settled groups.
        levels: their recording rules by level.
    """
    return [_level_file(groups, names, number) for number, names in enumerate(levels.levels, 1)]


def _level_file(groups: Sequence[SettledGroup], names: Collection[str], number: int) -> Artifact:
    chosen = [
        (group, rules)
        for group in groups
        if (rules := [record for record in _records(group) if record.rule.record in names])
    ]
    # Without the intervals of the groups: promtool's --eval-interval counts only where there is none.
    entries = [(group.name, group_data(group, rules, "prometheus")["rules"]) for group, rules in chosen]
    data = {"groups": [{"name": name, "rules": rules} for name, rules in entries]}
    files = sorted({group.document.resolved.file for group, _ in chosen})
    return Artifact(f"level-{number:02}.yaml", yaml_bytes(data, generated_header(files)))


def _records(group: SettledGroup) -> list[SettledRecord]:
    return [rule for rule in group.rules if isinstance(rule, SettledRecord) and "prometheus" in rule.outputs]
