"""What a build that has everything to do may not import or make before it does it: most of its time is that."""

import os
import subprocess
import sys
from pathlib import Path

import dashgen
from tests.project.project import new_project

PROGRAM = """
import dataclasses, re, sys
made, compiled = [], []
make, compile_ = dataclasses._process_class, re._compiler.compile
dataclasses._process_class = lambda cls, *more: made.append(cls.__module__) or make(cls, *more)
re._compiler.compile = lambda pattern, *more: compiled.append(pattern) or compile_(pattern, *more)
from dashgen.cli.app import main
sys.argv[0] = "dashgen"
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
finally:
    print(*sys.modules, file=sys.stderr)
    print(*made, file=sys.stderr)
    print(len(compiled), file=sys.stderr)
"""
UNUSED = {
    "asyncio", "click", "concurrent.futures", "http.client", "jinja2", "jsonschema", "multiprocessing", "requests",
    "rich", "ssl", "subprocess", "typer", "dashgen.compare", "dashgen.doctor", "dashgen.importer", "dashgen.servers",
    "dashgen.source.edit", "dashgen.sync",
}  # fmt: skip


def run(root: Path, *command_line: str) -> tuple[str, set[str], list[str], int]:
    """What a command prints, the modules it imports, those whose dataclasses it makes, and the patterns it compiles."""
    package = Path(dashgen.__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(package), *sys.path[1:]))}
    # `-S`: what is installed beside dashgen may import anything when Python starts.
    command = [sys.executable, "-S", "-c", PROGRAM, *command_line]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment, cwd=root)
    assert done.returncode == 0, done.stderr
    modules, dataclasses, patterns = done.stderr.splitlines()[-3:]
    return done.stdout, {*modules.split()}, dataclasses.split(), int(patterns)


def test_a_cold_build_imports_and_makes_only_what_it_uses(tmp_path: Path) -> None:
    shown, modules, dataclasses, patterns = run(new_project(tmp_path).root, "build", "--jobs", "1")
    assert "new" in shown
    assert UNUSED & modules == set()
    assert [module for module in dataclasses if module.startswith("dashgen")] == []
    # Of more than 250 constants; those of the standard library and of yaml are among these.
    assert patterns < 100


def test_generated_files_are_checked_without_the_compiler(tmp_path: Path) -> None:
    project = new_project(tmp_path)
    project.build()
    shown, modules, _, _ = run(project.root, "validate", "generated")
    assert "nothing wrong" in shown
    assert {"grafanalib", "dashgen.compile"} & modules == set()
