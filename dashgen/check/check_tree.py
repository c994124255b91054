"""Check files and folders of artifacts: each file for itself, then all of them together."""

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from msgspec import Struct, field

from dashgen.check.check_alertmanager import check_alertmanager
from dashgen.check.check_dashboards import CheckedDashboard, check_dashboard, classic_dashboard
from dashgen.check.check_files import File, find, read
from dashgen.check.check_lock import check_lock
from dashgen.check.check_report import Report
from dashgen.check.check_resources import (
    check_api_body,
    check_bare_v2,
    check_resource_folder,
    resource_dashboard,
)
from dashgen.check.check_rule_files import check_rules, check_rules_together
from dashgen.check.dashboard_tree import check_dashboards_together, check_folders
from dashgen.check.file_kinds import FileKind, kind_of, may_be_artifact
from dashgen.check.inventory import Elsewhere, Inventory
from dashgen.check.kubernetes.check_manifest import check_manifest
from dashgen.check.kubernetes.resource_kinds import MAPS
from dashgen.check.provisioning.across_files import read_outside
from dashgen.check.provisioning.provisioned_files import check_provisioning
from dashgen.check.provisioning.provisioned_providers import check_providers_together
from dashgen.core.diagnostics import Diagnostic, Location, Severity, arrange
from dashgen.formats.panel_tree import located_panels
from dashgen.query.required_versions import TargetServers

_MISSING = "; the dashboard will be missing, and only Grafana's log mentions it"
_KINDS_OF_RULES = {FileKind.PROMETHEUS_RULES: "prometheus", FileKind.LOKI_RULES: "loki"}


class _Tree(Struct):
    """The files of one run, sorted by what they are."""

    inventory: Inventory = field(default_factory=Inventory)
    dashboards: list[CheckedDashboard] = []
    resources: list[Report] = []
    others: list[Report] = []
    rules: list[tuple[Report, str]] = []
    problems: list[Diagnostic] = []
    checked: list[Path] = []
    targets: TargetServers | None = None


def validate_paths(
    paths: Sequence[Path], *, show: Callable[[Path], str], targets: TargetServers | None = None
) -> list[Diagnostic]:
    """Check every artifact in files and folders.

    Args:
        paths: files and folders; what is named itself is checked or reported, other files are left alone when
            they are nothing that Grafana, Prometheus or Loki reads.
        show: how a path is written in diagnostics.
        targets: the servers that queries are for; None to leave out what they may lack.

    Returns:
        The findings, in the order of files and lines.
    """
    # The same dashboards may be there for several servers: each way to bring them is a tree of its own.
    trees = {"": _Tree(targets=targets)}
    for source in find(paths, show):
        if isinstance(source, Diagnostic):
            trees[""].problems.append(source)
        else:
            read(source)
            _sort_parts(trees.setdefault(_layout(source), _Tree(targets=targets)), source)
    problems = list(_nothing_in(paths, trees.values(), show))
    for tree in trees.values():
        _check(tree)
        reports = [*tree.inventory.reports(), *tree.resources, *tree.others]
        problems += [*tree.problems, *(problem for report in reports for problem in report.problems)]
    return arrange(problems)


def _layout(file: File) -> str:
    """The layout that a file of a build belongs to; empty for what Grafana and Prometheus read as files."""
    folders = file.folders[len(Path(os.path.realpath(file.root)).parts) - 1 :]
    for index, name in enumerate(folders):
        if name == "git-sync":
            return name
        if name == "kubernetes":
            return "/".join(folders[index : index + 2])
    return ""


def _sort_parts(tree: _Tree, file: File) -> None:
    """Sort a file, or the files that it carries as a Kubernetes resource."""
    for document in file.manifests:
        report = Report(document, file.path, targets=tree.targets)
        check_manifest(report)
        tree.others.append(report)
    # A ConfigMap is a resource for anybody; it is the files in it that make it Grafana's.
    is_known = any(document.data["kind"] not in MAPS for document in file.manifests)
    if is_known:
        tree.checked.append(file.path)
    if not any(kind_of(part) or may_be_artifact(part) for part in file.parts):
        if is_known:
            tree.problems += file.problems
        else:
            _sort(tree, file)
        return
    tree.problems += file.problems
    for part in file.parts:
        _sort(tree, part)


def _nothing_in(
    paths: Sequence[Path], trees: Collection[_Tree], show: Callable[[Path], str]
) -> Iterator[Diagnostic]:
    """Warnings about named folders without any artifact."""
    if any(tree.problems for tree in trees):
        return
    checked = [file for tree in trees for file in tree.checked]
    for path in paths:
        if path.is_dir() and not any(one.is_relative_to(path) for one in checked):
            message = "nothing in this folder is read by Grafana, Prometheus or Loki: nothing was checked"
            hint = "name the folder that has the files"
            yield Diagnostic("file/none", message, Location(show(path)), hint, Severity.WARNING)


def _sort(tree: _Tree, file: File) -> None:
    kind = kind_of(file) if file.document else None
    if kind is not None:
        tree.checked.append(file.path)
    if kind is None:
        _sort_unknown(tree, file)
        return
    tree.problems += file.problems
    if file.document is None:
        return
    report = Report(file.document, file.path, targets=tree.targets)
    inventory = tree.inventory
    if kind is FileKind.DASHBOARD:
        inventory.dashboards.append(report)
        tree.dashboards.append(classic_dashboard(report))
        _check_suffix(tree, file)
    elif kind is FileKind.RESOURCE:
        tree.resources.append(report)
        dashboard = resource_dashboard(report)
        tree.dashboards += [dashboard] if dashboard else []
    elif kind is FileKind.ALERTMANAGER:
        tree.others.append(report)
        check_alertmanager(report)
    elif kind in (FileKind.BARE_V2, FileKind.API_BODY):
        tree.others.append(report)
        (check_bare_v2 if kind is FileKind.BARE_V2 else check_api_body)(report)
    elif kind in _KINDS_OF_RULES:
        inventory.rules.append(report)
        tree.rules.append((report, _KINDS_OF_RULES[kind]))
    else:
        lists = {
            FileKind.PROVIDERS: inventory.providers,
            FileKind.DATA_SOURCES: inventory.data_sources,
            FileKind.ALERTING: inventory.alerting,
            FileKind.LOCK: inventory.locks,
        }
        lists[kind].append(report)
        if kind is FileKind.ALERTING:
            outside = read_outside(file.text)
            inventory.contact_points |= outside.contact_points
            inventory.mute_times |= outside.mute_timings


def _sort_unknown(tree: _Tree, file: File) -> None:
    unread = [problem for problem in file.problems if problem.rule == "file/unreadable"]
    if unread:
        # Its kind is unknown, so it may be what keeps Grafana from starting.
        tree.problems += unread
    elif file.problems and may_be_artifact(file):
        suffix = _MISSING if file.suffix == ".json" and file.is_below_dashboards else ""
        tree.problems += [
            Diagnostic(p.rule, p.message + suffix, p.location, p.hint, p.severity, p.related)
            for p in file.problems
        ]
    elif file.named and file.document is None:
        hint = "fill it in, or remove it"
        empty = Diagnostic("file/empty", "the file is empty", Location(file.shown), hint, Severity.WARNING)
        tree.problems.append(empty)
    elif file.named:
        message = "this is not a dashboard, provisioning file, rule file or lock file: nothing was checked"
        hint = "name a file that Grafana, Prometheus or Loki reads"
        tree.problems.append(
            Diagnostic("file/unknown", message, Location(file.shown), hint, Severity.WARNING)
        )


def _check_suffix(tree: _Tree, file: File) -> None:
    if file.path.suffix != ".json":
        message = f"`{file.path.name}` is not read: Grafana takes dashboards from files that end in `.json`"
        tree.problems.append(Diagnostic("dashboard/file-name", message, Location(file.shown), "rename it"))


def _check(tree: _Tree) -> None:
    inventory = tree.inventory
    inventory.panels = {d.uid: _panel_ids(d) for d in tree.dashboards if d.uid}
    check_provisioning(inventory, Elsewhere())
    check_providers_together(inventory)
    for dashboard in tree.dashboards:
        check_dashboard(dashboard, inventory)
    check_dashboards_together(tree.dashboards, inventory)
    check_folders(inventory)
    for report in tree.resources:
        check_resource_folder(report, inventory.providers)
    for report, language in tree.rules:
        check_rules(report, language)
    check_rules_together(inventory)
    for report in inventory.locks:
        check_lock(report)


def _panel_ids(dashboard: CheckedDashboard) -> frozenset[int]:
    ids = (panel.get("id") for _path, panel in located_panels(dashboard.data.get("panels")))
    return frozenset(number for number in ids if isinstance(number, int))
