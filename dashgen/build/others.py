"""Compile everything but dashboards: alert rules, notifications, data sources, providers, rule files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashgen.backends.artifact import Artifact
from dashgen.build.documents import Documents
from dashgen.build.lock import Lock, Removed
from dashgen.build.outcome import DashboardSummary
from dashgen.build.workspace import Workspace
from dashgen.diagnostics import Diagnostic


@dataclass(slots=True)
class Others:
    artifacts: list[Artifact] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def folder_paths(documents: Documents) -> set[str]:
    return set()


def compile_others(documents: Documents, workspace: Workspace, summaries: Sequence[DashboardSummary], panel_ids: Mapping[tuple[str, str], int], lock: Lock) -> Others:
    return Others()
