"""One run of `dashgen lint`: which files, which findings count, and what of them can be mended."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct, field
from msgspec.structs import replace

from dashgen.check.lint.file_subjects import read_foreign
from dashgen.check.lint.lint_finding import LintFinding
from dashgen.check.lint.run_rules import RuleSelection
from dashgen.compile.follow_ups import without_follow_ups
from dashgen.compile.suppressions import OFF
from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.diagnostics.rule_table import matches
from dashgen.core.errors import SpecError
from dashgen.core.files.regular import read_regular
from dashgen.project.lint.apply_fixes import apply_fixes
from dashgen.project.lint.lint_ignores import heed_ignores, ignores_of
from dashgen.project.lint.lint_project import (
    LintedSpecs,
    LintOptions,
    lint_subjects,
    read_specs,
    rules_of,
    selection_of,
)
from dashgen.project.lint.lint_report import LintReport
from dashgen.source.ignores import read_ignores
from dashgen.source.load import read_text
from dashgen.source.source_limits import MARK
from dashgen.workspace.build_stamp import BuildStamp, hash_of_inputs
from dashgen.workspace.input_files import PROJECT_FILE, SpecFile
from dashgen.workspace.workspace import Workspace

_MOST_ROUNDS = 10
"""Fixes may make room for others; each round is a whole run."""


class LintOutcome(Struct):
    """A report, and its findings with their fixes, before anything was left out of the report.

    ``inputs`` is the hash of the spec files as they were before they were read: what changes meanwhile is
    looked at again.
    """

    report: LintReport
    findings: list[LintFinding]
    inputs: str = ""


class LintRun(Struct):
    """What is linted, and how.

    Attributes:
        workspace: the project.
        options: which rules run.
        only: the names of the spec files whose findings are shown; all when absent.
        texts: texts that stand for those on the disk: what an editor has, or what fixes made of it.
        is_partial: whether only the files of `only` are read, and what they depend on: for an editor. What
            shows only when all dashboards are known is not looked for then.
        no_ignores: whether comments silence nothing: for audits.
        today: the day on which comments may be expired.
    """

    workspace: Workspace
    options: LintOptions
    only: frozenset[str] | None = None
    texts: Mapping[str, str] = {}
    is_partial: bool = False
    no_ignores: bool = False
    today: date = field(default_factory=date.today)

    def lint(self) -> LintOutcome:
        """Lint the specs.

        Raises:
            DashgenError: a rule does not exist, or cannot be read.
        """
        settings = self.workspace.project.lint
        rules = rules_of(self.workspace.root, settings)
        selection = selection_of(self.options, settings, rules)
        with spec_overlay(self.workspace.spec_files(), self.texts) as files:
            specs = read_specs(self.workspace, files, self.only if self.is_partial else None)
            findings = weighed_findings(lint_subjects(specs, selection), self.workspace.project.severities)
            outcome = LintOutcome(LintReport(self.workspace.root, (), _errors(specs), len(files)), findings)
            if not self.no_ignores:
                self._heed(outcome, files, selection)
        if self.only is not None:
            outcome.findings = [one for one in outcome.findings if _is_in(one.diagnostic, self.only)]
            outcome.report.problems = [one for one in outcome.report.problems if _is_in(one, self.only)]
            outcome.report.files = len(self.only)
        outcome.report.findings, outcome.inputs = outcome.findings, hash_of_inputs(files)
        return outcome

    def _heed(self, outcome: LintOutcome, files: Sequence[SpecFile], selection: RuleSelection) -> None:
        paths = {file.name: file.path for file in files if file.marked}
        paths[PROJECT_FILE] = str(self.workspace.root / PROJECT_FILE)
        ignores = ignores_of(paths, lambda name: _text(paths[name], name))
        # After an error much is not looked at.
        ran = () if outcome.report.problems or self.is_partial else _rules_that_ran(selection)
        heeded = heed_ignores(outcome.findings, ignores, ran, self.today)
        outcome.findings, outcome.report.silenced = heeded.findings, heeded.silenced
        outcome.report.problems += heeded.problems

    def stamp(self, key: str, outcome: LintOutcome) -> BuildStamp:
        """What a run of the whole project was made of."""
        project = self.workspace.project
        stamp = BuildStamp(key, project.specs, outcome.inputs or "unreadable")
        stamp.env = {name: os.environ.get(name) for name in project.env}
        return stamp

    def texts_of_specs(self) -> dict[str, str]:
        """The texts of all spec files and of the project file, byte for byte."""
        paths = {file.name: Path(file.path) for file in self.workspace.spec_files()}
        if self.workspace.document is not None:
            paths[PROJECT_FILE] = self.workspace.root / PROJECT_FILE
        return {name: self.texts.get(name) or read_regular(path).decode() for name, path in paths.items()}


def lint_with_fixes(run: LintRun, *, unsafe: bool) -> tuple[LintOutcome, dict[str, str]]:
    """Lint, fix, and lint what comes of it, until nothing is left to fix; nothing is written.

    Args:
        run: what is linted.
        unsafe: whether fixes are made that may change what is shown or evaluated.

    Returns:
        What is found in the fixed specs, and the texts of the files that changed.
    """
    outcome, texts, mended = run.lint(), dict(run.texts), 0
    originals = run.texts_of_specs() if outcome.findings else {}
    for _ in range(_MOST_ROUNDS):
        fixed = apply_fixes({**originals, **texts}, outcome.findings, unsafe=unsafe)
        if not fixed.texts:
            break
        texts.update(fixed.texts)
        mended += len(fixed.mended)
        outcome = replace(run, texts=texts).lint()
    outcome.report.mended = mended
    return outcome, {name: text for name, text in texts.items() if text != originals.get(name)}


def lint_files(paths: Sequence[Path], run: LintRun, show: Callable[[Path], str]) -> LintOutcome:
    """Lint dashboards and rule files that others wrote; comments in YAML silence findings there too.

    Args:
        paths: files and folders.
        run: the rules, and the project whose settings count.
        show: how a path is written in findings.

    Raises:
        DashgenError: a rule does not exist, or cannot be read.
    """
    settings = run.workspace.project.lint
    rules = rules_of(run.workspace.root, settings)
    selection = selection_of(run.options, settings, rules)
    tree = read_foreign(paths, show)
    tree.project.settings, tree.project.policy = settings, run.workspace.project.policy
    findings = weighed_findings(lint_subjects(tree, selection), run.workspace.project.severities)
    report = LintReport(run.workspace.root, findings, tree.problems, tree.files)
    if not run.no_ignores:
        ignores = [ignore for file, text in tree.texts.items() for ignore in read_ignores(file, text)]
        heeded = heed_ignores(findings, ignores, _rules_that_ran(selection), run.today)
        findings = heeded.findings
        report.findings, report.silenced = findings, heeded.silenced
        report.problems += heeded.problems
    return LintOutcome(report, findings)


@contextmanager
def spec_overlay(files: Sequence[SpecFile], texts: Mapping[str, str]) -> Iterator[list[SpecFile]]:
    """The spec files of a project, some with another text than on the disk; new ones may be among them.

    Args:
        files: the spec files.
        texts: by name, the texts that count.
    """
    if not texts:
        yield list(files)
        return
    with TemporaryDirectory(prefix="dashgen-") as folder:
        overlaid = {file.name: file for file in files}
        for number, (name, text) in enumerate(texts.items()):
            path = Path(folder) / f"{number}.yaml"
            content = text.encode()
            path.write_bytes(content)
            digest = sha256(content).hexdigest()
            overlaid[name] = SpecFile(str(path), name, digest, marked=MARK in content)
        yield [overlaid[name] for name in sorted(overlaid)]


def _rules_that_ran(selection: RuleSelection) -> list[str]:
    """The names of the rules of which a comment may be unused; none with --select, by which most do not run.

    A comment for a rule of a stricter preset is for the runs with that preset.
    """
    if selection.only:
        return []
    return [rule.name for rule in selection.rules if selection.is_on(rule, "")]


def weighed_findings(findings: Sequence[LintFinding], severities: Mapping[str, str]) -> list[LintFinding]:
    """The findings with the severities of the project file, without those that it turns off."""
    if not severities:
        return list(findings)
    counted = []
    for one in findings:
        rule = one.diagnostic.rule
        weight = next((word for pattern, word in severities.items() if matches(rule, pattern)), None)
        if weight is None:
            counted.append(one)
        elif weight != OFF:
            counted.append(replace(one, diagnostic=replace(one.diagnostic, severity=Severity(weight))))
    return counted


def _errors(specs: LintedSpecs) -> list[Diagnostic]:
    """What keeps parts of the specs from being linted, without what only follows from it."""
    errors = [one for one in specs.findings if one.severity is Severity.ERROR]
    documents = specs.specs.documents
    return without_follow_ups(errors, documents.unread, documents.broken, [])


def _is_in(diagnostic: Diagnostic, names: frozenset[str]) -> bool:
    return diagnostic.location is not None and diagnostic.location.file in names


def _text(path: str, name: str) -> str:
    try:
        return read_text(path, name)
    except SpecError:
        return ""
