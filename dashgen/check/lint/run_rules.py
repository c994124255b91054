"""Run lint rules over the subjects of a project."""

import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct

from dashgen.check.lint.lint_finding import Fix, LintFinding, LintProblem, Safety
from dashgen.check.lint.lint_rule import LintRule, Preset
from dashgen.check.lint.subjects import LintProject, LintSubject
from dashgen.core.diagnostics import Diagnostic, Related, Severity
from dashgen.core.diagnostics.rule_table import matches
from dashgen.model.lint_settings import LintSettings


class RuleSelection(Struct, frozen=True):
    """Which rules look at which files.

    Attributes:
        rules: every rule that looks at any file.
        settings: the project's settings.
        select: patterns of rules that run whatever the preset is.
        ignore: patterns of rules that do not run.
        only: whether `select` replaces the preset: `--select`.
    """

    rules: Sequence[LintRule]
    settings: LintSettings
    preset: Preset = Preset.RECOMMENDED
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    only: bool = False

    def is_on(self, rule: LintRule, file: str) -> bool:
        """Whether a rule looks at a file."""
        preset, select, ignore = self.preset, [*self.select], [*self.ignore]
        for pattern, path in self.settings.paths.items():
            if matches_path(file, pattern):
                preset = Preset(path.preset) if path.preset else preset
                select += path.select
                ignore += path.ignore
        if any(matches(rule.name, pattern) for pattern in ignore):
            return False
        if any(pattern == "all" or matches(rule.name, pattern) for pattern in select):
            return True
        return not self.only and in_preset(rule, preset)


def in_preset(rule: LintRule, preset: Preset) -> bool:
    """Whether a preset has a rule; ``strict`` has the recommended ones too."""
    return preset in rule.presets or (preset is Preset.STRICT and Preset.RECOMMENDED in rule.presets)


def matches_path(file: str, pattern: str) -> bool:
    """Whether a file is meant by a pattern; ``**`` stands for any folders, ``*`` for a part of one's name."""
    if pattern.endswith("/"):
        pattern += "**"
    return fnmatchcase(file, pattern.replace("**/", "*").replace("**", "*"))


def run_rules(project: LintProject, selection: RuleSelection) -> list[LintFinding]:
    """The findings of rules about everything in a project.

    A rule that fails is reported by its name, once, and the others go on.
    """
    by_subject: dict[type, list[LintRule]] = {}
    for rule in selection.rules:
        by_subject.setdefault(rule.subject, []).append(rule)
    on = _Switches(selection)
    findings: list[LintFinding] = []
    failed: set[str] = set()
    for subject in project.subjects():
        for rule in by_subject.get(type(subject), ()):
            if rule.name in failed or not on.of(rule, _file_of(subject)):
                continue
            try:
                findings += [finding(rule, subject, problem) for problem in rule.problems(subject, project)]
            except Exception as error:  # noqa: BLE001  # a rule may be anybody's, and may fail with anything
                failed.add(rule.name)
                findings.append(_failure(rule, subject, error))
    return findings


class _Switches:
    """Which rules are on for a file, found once for each."""

    def __init__(self, selection: RuleSelection) -> None:
        self._selection = selection
        self._on: dict[str, Mapping[str, bool]] = {}

    def of(self, rule: LintRule, file: str) -> bool:
        """Whether a rule looks at a file."""
        switches = self._on.get(file)
        if switches is None:
            selection = self._selection
            switches = {one.name: selection.is_on(one, file) for one in selection.rules}
            self._on[file] = switches
        return switches[rule.name]


def _file_of(subject: LintSubject) -> str:
    return subject.place.file


def finding(rule: LintRule, subject: LintSubject, problem: LintProblem) -> LintFinding:
    """What the user gets of a problem that a rule has with a subject."""
    place = subject.place
    if problem.offset >= 0:
        text = getattr(subject, "text", "")
        location = place.character(problem.keys, problem.offset, text)
    else:
        location = place.location(problem.keys, is_key=problem.is_key)
    related = [*place.related(problem.keys)]
    related += [Related(message, origin.location()) for message, origin in problem.related]
    diagnostic = Diagnostic(rule.name, problem.message, location, problem.hint, rule.severity, tuple(related))
    fix = Fix(problem.edits, rule.safety or Safety.UNSAFE) if problem.edits else None
    return LintFinding(diagnostic, fix)


def _failure(rule: LintRule, subject: LintSubject, error: Exception) -> LintFinding:
    last = traceback.extract_tb(error.__traceback__)[-1]
    whose = "dashgen's fault" if rule.text and "dashgen" in last.filename else "the rule's own fault"
    message = f"the rule `{rule.name}` failed with {type(error).__name__}: {error} ({whose}); others went on"
    hint = f"please report it with this line: {last.filename.rpartition('/')[2]}:{last.lineno}"
    return LintFinding(Diagnostic("lint/crash", message, subject.place.location(), hint, Severity.ERROR))


def unknown_patterns(patterns: Iterable[str], rules: Iterable[LintRule]) -> Iterator[str]:
    """The patterns that mean no rule."""
    known = list(rules)
    for pattern in patterns:
        if pattern != "all" and not any(matches(rule.name, pattern) for rule in known):
            yield pattern
