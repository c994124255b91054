"""Rules of Prometheus: whether those of the output are loaded, and whether each can be evaluated."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from dashgen.check.check_tree import validate_paths
from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.json_values import mappings, scalar_text
from dashgen.core.sentence_parts import first_names
from dashgen.doctor.chain import ChainLink, Diagnosis, LinkFault, LinkOutcome, following, judged, skipped
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.prometheus_link import unlisted
from dashgen.doctor.subject import Subject
from dashgen.query import same_promql
from dashgen.servers.telemetry import ServiceError
from dashgen.servers.telemetry.prometheus_client import Rule
from dashgen.source.load import load_file

_FOLDER: Final = "rules/prometheus"
_MOST: Final = 5


class WrittenRule(Struct, frozen=True):
    """A rule as a file has it."""

    group: str
    name: str
    kind: str
    query: str


class Evaluator(Struct, frozen=True):
    """A server that evaluates rules.

    Attributes:
        name: its name in messages.
        url: its address.
        reload: what makes it read its rules again.
        compares: whether its expressions can be compared with those in files: Loki prints LogQL in a form of
            its own.
    """

    name: str
    url: str
    reload: str
    compares: bool = True


def check(subject: Subject, diagnosis: Diagnosis) -> LinkOutcome:
    """Whether Prometheus evaluates the rules that were generated."""
    server = subject.servers.prometheus
    folder = subject.output / _FOLDER
    if not folder.is_dir():
        return skipped("the project has no rules for Prometheus")
    if reason := diagnosis.reason(ChainLink.RULES, ChainLink.OUTPUT):
        return following(reason)
    if broken := broken_files(folder, subject.workspace.show):
        return judged(broken, "")
    if reason := diagnosis.reason(ChainLink.PROMETHEUS):
        return following(reason)
    if server is None:
        return skipped("no address of Prometheus is known; `--prometheus URL` names it")
    try:
        loaded = server.rules()
    except ServiceError as error:
        return unlisted("rules", error)
    rules = written_rules(folder)
    url = server.endpoint.url
    evaluator = Evaluator("Prometheus", url, f"`dashgen install`, or `curl -X POST {url}/-/reload`")
    faults = list(judge(rules, loaded, evaluator))
    return judged(faults, f"{len(rules)} rules are loaded as they were generated")


def broken_files(folder: Path, show: Callable[[Path], str]) -> list[LinkFault]:
    """The rule files that Prometheus would refuse, each with its first error."""
    first_errors: dict[str, Diagnostic] = {}
    for diagnostic in validate_paths([folder], show=show):
        if diagnostic.severity is Severity.ERROR:
            first_errors.setdefault(diagnostic.location.file if diagnostic.location else "", diagnostic)
    faults = []
    for file, error in first_errors.items():
        what = f"the rule file `{file}` is broken"
        finding = LiveFinding(what, error.message, "it was edited by hand", "`dashgen build`")
        faults.append(LinkFault(finding, location=error.location))
    return faults


def written_rules(folder: Path) -> list[WrittenRule]:
    """The rules in the files of a folder."""
    rules = []
    for file in sorted(folder.glob("*.y*ml")):
        for document in load_file(file, file.as_posix()).documents:
            groups = mappings(document.data.get("groups")) if isinstance(document.data, dict) else ()
            rules += [
                _written(scalar_text(group.get("name")), rule)
                for group in groups
                for rule in mappings(group.get("rules"))
            ]
    return rules


def _written(group: str, rule: Mapping[str, object]) -> WrittenRule:
    record = scalar_text(rule.get("record"))
    kind = "recording" if record else "alerting"
    return WrittenRule(group, record or scalar_text(rule.get("alert")), kind, scalar_text(rule.get("expr")))


def judge(written: Iterable[WrittenRule], loaded: Iterable[Rule], server: Evaluator) -> Iterator[LinkFault]:
    """Rules that are not loaded or loaded in another form, and those that cannot be evaluated.

    Args:
        written: the rules of the output.
        loaded: the rules of the server.
        server: what evaluates them.
    """
    ours, theirs = list(written), list(loaded)
    # A group may have several rules of one name, with other labels.
    loaded_by_key: dict[tuple[str, str], list[Rule]] = {}
    for rule in theirs:
        loaded_by_key.setdefault((rule.group, rule.name), []).append(rule)
    missing = [rule.name for rule in ours if (rule.group, rule.name) not in loaded_by_key]
    if missing:
        yield _missing(missing, server)
    stale = [
        rule.name for rule in ours if _is_stale(rule, loaded_by_key.get((rule.group, rule.name), []), server)
    ]
    # A rule that is in a group of ours and no longer in its file is stale too; other groups are not
    # dashgen's.
    groups, keys = {rule.group for rule in ours}, {(rule.group, rule.name) for rule in ours}
    stale += [name for group, name in loaded_by_key if group in groups and (group, name) not in keys]
    if stale:
        yield _stale(stale, server)
    for rule in theirs:
        if rule.health == "err":
            what = f"{server.name} cannot evaluate the rule `{rule.name}` of `{rule.group}`"
            cause = "its expression fails on the data that is there"
            fix = "correct its query in the specs, then `dashgen build`"
            yield LinkFault(LiveFinding(what, rule.error, cause, fix))


def _is_stale(written: WrittenRule, loaded: Sequence[Rule], server: Evaluator) -> bool:
    if not loaded or not server.compares:
        return False
    return all(rule.query and not same_promql(written.query, rule.query) for rule in loaded)


def _missing(names: Sequence[str], server: Evaluator) -> LinkFault:
    finding = LiveFinding(
        f"{server.name} has not loaded {_listed(names)}",
        f"{server.url} does not list {'it' if len(names) == 1 else 'them'}",
        "it did not read its rule files again, or does not mount the folder of the output",
        server.reload,
    )
    return LinkFault(finding)


def _stale(names: Sequence[str], server: Evaluator) -> LinkFault:
    finding = LiveFinding(
        f"{server.name} evaluates an old form of {_listed(names)}",
        "what it has loaded differs from what was generated",
        "it did not read its rule files again after the last build",
        server.reload,
    )
    return LinkFault(finding)


def _listed(names: Sequence[str]) -> str:
    return f"the rule{'s' * (len(names) > 1)} {first_names(names, _MOST)}"
