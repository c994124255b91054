"""Run lint rules over the subjects of a project."""

import traceback
from collections.abc import Collection, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct

from dashgen.check.lint.alike_panels import AlikePanels
from dashgen.check.lint.lint_finding import Fix, LintFinding, LintProblem, Safety
from dashgen.check.lint.lint_rule import LintRule, Preset
from dashgen.check.lint.subjects import LintDashboard, LintProject, LintSubject, facts_of
from dashgen.core.diagnostics import Diagnostic, Related, Severity
from dashgen.core.diagnostics.rule_table import matches
from dashgen.model.lint_settings import LintSettings
from dashgen.source.provenance import FaultLocation


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


class RuleRunner:
    """Runs rules over subjects, in the order in which they come.

    A rule that fails is reported by its name, once, and the others go on.
    """

    def __init__(self, project: LintProject, selection: RuleSelection) -> None:
        self._project = project
        self._selection = selection
        self._rules: dict[tuple[type, str], list[LintRule]] = {}
        self._failed: set[str] = set()
        self._alike = AlikePanels(project)

    def look_at(
        self, subjects: Iterable[LintSubject], only: Collection[str] | None = None
    ) -> list[LintFinding]:
        """The findings about some subjects; with ``only`` those of the rules with these names."""
        findings: list[LintFinding] = []
        for subject in subjects:
            for rule in self._rules_for(type(subject), subject.place.file):
                if rule.name not in self._failed and (only is None or rule.name in only):
                    findings += self._findings(rule, subject)
        return findings

    def dashboard(self, dashboard: LintDashboard) -> list[LintFinding]:
        """The findings about a dashboard, whose facts are remembered for rules about several."""
        findings = self.look_at(dashboard.subjects())
        marks = [matches_path(dashboard.file, pattern) for pattern in self._selection.settings.paths]
        surroundings = self._alike.surroundings(dashboard, marks)
        for panel in dashboard.panels:
            key = None if surroundings is None else self._alike.key(panel, surroundings)
            panel_findings = self.look_at(panel.subjects(), self._alike.rules(key))
            self._alike.remember(key, panel_findings)
            findings += panel_findings
        self._project.dashboards.append(facts_of(dashboard))
        dashboard.take_apart()
        return findings

    def rest(self) -> list[LintFinding]:
        """The findings about rules and reports, and about the project as a whole, after all dashboards."""
        findings = [one for group in self._project.groups for one in self.look_at(group.subjects())]
        findings += self.look_at(self._project.report_queries)
        # Of a part of a project nothing can be said about the whole.
        return findings if self._project.is_part else findings + self.look_at([self._project])

    def _findings(self, rule: LintRule, subject: LintSubject) -> list[LintFinding]:
        try:
            problems = list(rule.problems(subject, self._project))
        except Exception as error:  # noqa: BLE001  # a rule may be anybody's, and may fail with anything
            self._failed.add(rule.name)
            return [_failure(rule, subject, error)]
        return [finding(rule, subject, one) for one in problems if self._counts(rule, subject, one)]

    def _counts(self, rule: LintRule, subject: LintSubject, problem: LintProblem) -> bool:
        """Whether a rule looks at the file of a problem, which may be another than its subject's."""
        if problem.location is not None:
            return self._selection.is_on(rule, problem.location.file)
        return subject is not self._project or self._selection.is_on(rule, subject.place.file)

    def _rules_for(self, subject: type, file: str) -> list[LintRule]:
        rules = self._rules.get((subject, file))
        if rules is None:
            # A rule about the project may be on for some of its files only.
            is_whole = subject is LintProject and bool(self._selection.settings.paths)
            rules = [
                rule
                for rule in self._selection.rules
                if rule.subject is subject and (is_whole or self._selection.is_on(rule, file))
            ]
            self._rules[subject, file] = rules
        return rules


def finding(rule: LintRule, subject: LintSubject, problem: LintProblem) -> LintFinding:
    """What the user gets of a problem that a rule has with a subject."""
    # A rule about a panel or an alert may find something in one of its queries.
    source = problem.query or subject
    place = source.place
    if problem.location is not None:
        pointed = FaultLocation(problem.location, place.related(problem.keys))
    elif problem.is_key and problem.offset < 0:
        pointed = FaultLocation(place.location(problem.keys, is_key=True), place.related(problem.keys))
    else:
        pointed = place.fault(problem.keys, problem.offset, getattr(source, "text", ""))
    related = tuple(Related(message, origin.location()) for message, origin in problem.related)
    diagnostic = pointed.about(
        Diagnostic(rule.name, problem.message, None, problem.hint, rule.severity, related)
    )
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
    names = list(rules)
    for pattern in patterns:
        if pattern != "all" and not any(matches(rule.name, pattern) for rule in names):
            yield pattern
