"""Import public dashboards, build what comes out, and compare each value with the original.

    .venv/bin/python -m tests.tools.public_dashboards FOLDER… [--show N] [--json FILE]

The folders hold dashboards as ``*.json``. Nothing here uses code of the importer: `expected` knows Grafana's migrations of
old panels by itself, and `reasons` lists what may go or change. Printed is what is lost or changed without a reason.
"""

import argparse
import contextlib
import io
import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from tests.tools import comparing
from tests.tools.plain import as_dashboard

SOURCES = """kind: DataSources
datasources:
  prometheus: {url: "http://p:9090", default: true}
  loki: {url: "http://l:3100"}
  tempo: {url: "http://t:3200"}
"""


@dataclass
class Outcome:
    """What became of one dashboard: values of the original, those that are gone or changed, and what failed."""

    path: Path
    leaves: int = 0
    faults: list[str] = field(default_factory=list)
    failure: str = ""
    report: list[str] = field(default_factory=list)
    spec: str = ""


def run(*words: str) -> tuple[int, str]:
    """One command of dashgen in this process: its exit code, and what it printed."""
    from dashgen.cli.app import main

    out = io.StringIO()
    code = 0
    argv = mock.patch.object(sys, "argv", ["dashgen", *words])
    with argv, contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            main()
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else int(error.code is not None)
        except Exception as error:  # noqa: BLE001  # a traceback is a finding like any other
            return 99, f"{type(error).__name__}: {error}"
    return code, out.getvalue()


def examine(path: Path) -> Outcome:
    """Import, build and compare one dashboard."""
    outcome = Outcome(path)
    original = as_dashboard(json.loads(path.read_bytes()))
    folder = Path(tempfile.mkdtemp(prefix="public-"))
    try:
        (folder / "specs").mkdir()
        (folder / "dashgen.yaml").write_text("specs: [specs]\n")
        (folder / "specs" / "sources.yaml").write_text(SOURCES)
        code, output = run(
            "import", str(path), "--out", str(folder / "specs" / "imported"), "-C", str(folder)
        )
        outcome.report = output.splitlines()
        specs = list((folder / "specs" / "imported").glob("*.yaml"))
        outcome.spec = specs[0].read_text() if specs else ""
        if code or not specs:
            outcome.failure = f"import ends with {code}: {output.strip()[-300:]}"
        code, output = run("build", "-C", str(folder))
        built = list((folder / "generated" / "dashboards").rglob("*.json"))
        if code or len(built) != 1:
            errors = "; ".join(line for line in output.splitlines() if line.startswith("error"))
            outcome.failure = outcome.failure or f"build ends with {code}: {errors[:600]}"
            return outcome
        outcome.leaves, outcome.faults = comparing.compare(original, json.loads(built[0].read_bytes()))
    finally:
        shutil.rmtree(folder)
    return outcome


def files(folders: list[Path]) -> Iterator[Path]:
    """The dashboards in folders, and files as they are."""
    for folder in folders:
        yield from (
            [folder]
            if folder.is_file()
            else sorted(p for p in folder.rglob("*.json") if p.name != "index.json")
        )


def main() -> None:
    """Print what is lost or changed, by kind, and the dashboards it happens in."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--show", type=int, default=40)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--step", type=int, default=1)
    args = parser.parse_args()
    start = time.time()
    outcomes = []
    for path in list(files(args.folders))[:: args.step]:
        try:
            outcomes.append(examine(path))
        except (ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
            outcomes.append(Outcome(path, failure=f"comparison: {type(error).__name__}: {error}"))
    _print_summary(outcomes, args.show, time.time() - start)
    if args.json:
        data: list[Any] = [{**o.__dict__, "path": str(o.path)} for o in outcomes]
        args.json.write_text(json.dumps(data, indent=1))


def _print_summary(outcomes: list[Outcome], most: int, seconds: float) -> None:
    failed = [o for o in outcomes if o.failure]
    for outcome in failed[:most]:
        _print_line(f"FAILED {outcome.path}\n       {outcome.failure}")
    kinds: Counter[str] = Counter()
    where: dict[str, str] = {}
    dashboards: Counter[str] = Counter()
    for outcome in outcomes:
        for kind in {fault.partition(" = ")[0] for fault in outcome.faults}:
            dashboards[kind] += 1
        for fault in outcome.faults:
            kind = fault.partition(" = ")[0]
            kinds[kind] += 1
            where.setdefault(kind, f"{fault.partition(' = ')[2][:160]}   ({outcome.path})")
    for kind, count in kinds.most_common(most):
        _print_line(f"{count:6} in {dashboards[kind]:4}  {kind} = {where[kind]}")
    leaves = sum(o.leaves for o in outcomes)
    lost = sum(len(o.faults) for o in outcomes)
    bad = sum(bool(o.faults) for o in outcomes)
    share = 100 * lost / leaves if leaves else 0.0
    _print_line(
        f"{len(outcomes)} dashboards, {len(failed)} fail; {bad} lose or change something; "
        f"{lost} of {leaves} values ({share:.3f} %); {seconds:.0f} s"
    )


def _print_line(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
