"""Small projects in a folder, built in this process."""

import contextlib
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from dashgen.cli.app import main
from dashgen.project.build import BuildOptions, BuildReport, build

SOURCES = """\
kind: DataSources
datasources:
  - {name: Prometheus, type: prometheus, uid: prom, url: "http://prometheus:9090", default: true}
"""
DASHBOARD = """\
kind: Dashboard
uid: {uid}
title: {title}
panels:
  - title: Rate
    query: rate(http_requests_total[5m])
  - title: Up
    type: stat
    query: up
"""


@dataclass(frozen=True)
class Finished:
    """How a command ended."""

    code: int
    out: str
    err: str


class Project:
    """A project below a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def output(self) -> Path:
        """The folder that is written."""
        return self.root / "generated"

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file of the project."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def dashboard(self, uid: str, title: str = "", more: str = "") -> Path:
        """Write a dashboard of two panels."""
        return self.write(f"specs/{uid}.yaml", DASHBOARD.format(uid=uid, title=title or f"The {uid}") + more)

    def build(self, **options: Any) -> BuildReport:
        """Build it."""
        return build(BuildOptions(self.root, **options))

    def run(self, *words: str) -> Finished:
        """Run a command in it, as from a terminal."""
        with contextlib.chdir(self.root):
            return run(*words, "-C", str(self.root))

    def files(self) -> dict[str, bytes]:
        """Every file of the output by path."""
        return dict(contents(self.output))


def run(*words: str) -> Finished:
    """Run a command as from a terminal."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with (
        patch.object(sys, "argv", ["dashgen", *words]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return Finished(code, out.getvalue(), err.getvalue())


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files below a folder by path, without those in hidden folders."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not any(part.startswith(".") for part in name.split("/")):
            yield name, path.read_bytes()


def new_project(folder: Path) -> Project:
    """A project with a data source and two dashboards."""
    project = Project(folder)
    project.write("dashgen.yaml", "specs: [specs]\n")
    project.write("specs/datasources.yaml", SOURCES)
    project.dashboard("one")
    project.dashboard("two")
    return project
