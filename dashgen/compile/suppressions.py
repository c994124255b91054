"""Findings that a project ignores, or takes for more or less serious than dashgen does."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from dashgen.core.diagnostics import Diagnostic, Severity, has_errors, nearest
from dashgen.core.diagnostics.rule_table import (
    is_known,
    is_structural,
    known_rules,
    matches,
    may_be_lint,
)
from dashgen.core.errors import SpecError
from dashgen.source.ignores import Ignore, read_ignores
from dashgen.source.load import read_text
from dashgen.source.source_limits import MARK
from dashgen.workspace.input_files import PROJECT_FILE, SpecFile
from dashgen.workspace.workspace import Workspace

OFF = "off"


def weighed(
    findings: Iterable[Diagnostic], workspace: Workspace, files: Sequence[SpecFile]
) -> list[Diagnostic]:
    """The findings that count, with the severities of the project, and what is wrong with its exceptions.

    An error that keeps something from being built cannot be ignored: it would be missing in silence.

    Args:
        findings: all findings.
        workspace: the project, whose file names severities.
        files: its spec files, whose comments ignore findings.
    """
    severities = workspace.project.severities
    problems = _unknown_severities(workspace)
    findings = [*findings, *_misspelt_variables(workspace)]
    ignores = _Ignores(_comments(workspace, files))
    if not severities and not ignores.all:
        return [*findings, *problems]
    counted = []
    for one in findings:
        if ignores.silence(one):
            continue
        weight = next((word for pattern, word in severities.items() if matches(one.rule, pattern)), None)
        if weight is None or (one.severity is Severity.ERROR and is_structural(one.rule)):
            counted.append(one)
        elif weight != OFF:
            counted.append(replace(one, severity=Severity(weight)))
    counted += [*problems, *ignores.problems()]
    if not has_errors(counted):
        # After an error much is not looked at, so that nothing can be said of what ignores it.
        counted += ignores.unused()
    return counted


def _comments(workspace: Workspace, files: Sequence[SpecFile]) -> list[Ignore]:
    ignores = []
    document = workspace.document
    if document is not None and MARK.decode() in document.source.text:
        ignores += read_ignores(PROJECT_FILE, document.source.text)
    for file in files:
        if file.marked:
            try:
                ignores += read_ignores(file.name, read_text(Path(file.path), file.name))
            except SpecError:
                continue
    return ignores


def _unknown_severities(workspace: Workspace) -> list[Diagnostic]:
    document = workspace.document
    problems = []
    for pattern in workspace.project.severities if document is not None else ():
        if document is not None and not is_known(pattern):
            location = document.location(("severities", pattern), key=True)
            hint = nearest(pattern, known_rules()) or "docs/reference/rules.md lists all rules"
            problems.append(Diagnostic("project/severity", f"there is no rule `{pattern}`", location, hint))
    return problems


def _misspelt_variables(workspace: Workspace) -> list[Diagnostic]:
    """Variables of an environment that look like one of the project, which then keeps its value."""
    document, known_names = workspace.document, workspace.project.vars
    problems = []
    for environment, overlay in workspace.project.environments.items():
        for name in overlay.vars.keys() - known_names.keys():
            hint = nearest(name, known_names)
            if document is not None and hint.startswith("did you mean"):
                location = document.location(("environments", environment, "vars", name), key=True)
                message = f"the project has no variable `{name}` for `{environment}` to change"
                problems.append(Diagnostic("project/variable", message, location, hint, Severity.WARNING))
    return problems


class _Ignores(Struct):
    all: list[Ignore]
    used: set[tuple[Ignore, str]] = set()
    refused: list[Diagnostic] = []

    def silence(self, finding: Diagnostic) -> bool:
        """Whether a comment silences a finding."""
        # A comment may stand where a wrong argument is used, too.
        locations = [location for location in finding.locations() if location.span is not None]
        for ignore in self.all:
            if not any(ignore.covers(location) for location in locations):
                continue
            for pattern in ignore.rules:
                if matches(finding.rule, pattern) and ignore.reason:
                    self.used.add((ignore, pattern))
                    if finding.severity is not Severity.ERROR or not is_structural(finding.rule):
                        return True
                    message = f"an error of `{finding.rule}` cannot be ignored: something is not built"
                    self.refused.append(
                        Diagnostic("ignore/error", message, ignore.location, "correct what is wrong")
                    )
        return False

    def problems(self) -> list[Diagnostic]:
        """What is wrong with the comments themselves."""
        problems = list(self.refused)
        form = "write `# dashgen: ignore RULE: reason`"
        for ignore in self.all:
            if not ignore.rules:
                message = "the comment names no rule to ignore"
                problems.append(Diagnostic("ignore/form", message, ignore.location, form))
            elif not ignore.reason:
                message = f"the comment gives no reason to ignore `{ignore.rules[0]}`"
                problems.append(Diagnostic("ignore/reason", message, ignore.location, form))
            for pattern in ignore.rules:
                if not is_known(pattern):
                    hint = nearest(pattern, known_rules()) or "docs/reference/rules.md lists all rules"
                    problems.append(
                        Diagnostic("ignore/rule", f"there is no rule `{pattern}`", ignore.location, hint)
                    )
        return problems

    def unused(self) -> list[Diagnostic]:
        """The comments that silence nothing."""
        return [
            Diagnostic(
                "ignore/unused",
                f"nothing here is a finding of `{pattern}`",
                ignore.location,
                "remove the comment",
                Severity.WARNING,
            )
            for ignore in self.all
            for pattern in ignore.rules
            if ignore.reason
            and is_known(pattern)
            and (ignore, pattern) not in self.used
            # Only `dashgen lint` knows whether a lint rule has a finding there.
            and not may_be_lint(pattern)
        ]
