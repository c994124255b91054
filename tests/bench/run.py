"""Measure dashgen against its peers, print the ratios, and write docs/performance.md.

Usage: python -m tests.bench.run [--sizes 1 100 1000] [--rounds 5] [--only rules] [--only-print]
"""

import argparse
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from tests.bench.client import client_lines, compete_over_http
from tests.bench.importing import compete_at_import, import_line
from tests.bench.parsers import parser_lines
from tests.bench.previewing import preview_lines
from tests.bench.report import (
    client_section,
    lines,
    page,
    profile_section,
    rules_section,
    table,
    with_client,
    with_rules,
)  # fmt: skip
from tests.bench.rounds import Field, Results, compete, compete_at_start
from tests.bench.rule_cost import bot_python, cost_table, rule_costs, rule_lines
from tests.bench.same import same

PAGE = Path(__file__).parents[2] / "docs/performance.md"
ROUNDS_AT_START = 15


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 100, 1000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only-print", action="store_true", help="leave docs/performance.md as it is")
    parser.add_argument(
        "--only",
        choices=("compiler", "client", "parsers", "preview", "rules"),
        help="measure and write only this part",
    )
    options = parser.parse_args()
    if options.only in {None, "parsers"}:
        print("\n".join(parser_lines(options.rounds)))
    if options.only == "parsers":
        return
    text = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="dashgen-bench-") as folder:
        if options.only in {None, "compiler"}:
            results = measure(Path(folder), options.sizes, options.rounds)
            found = [
                *lines(results),
                import_line(results),
                *preview_lines(Path(folder), options.rounds, _progress),
            ]
            print(table(found))
            text = (
                page(found, options.rounds)
                + profile_section(text)
                + client_section(text)
                + rules_section(text)
            )
        if options.only == "preview":
            print(table(preview_lines(Path(folder), options.rounds, _progress)))
            return
        if options.only in {None, "client"}:
            found = client_lines(compete_over_http(Path(folder), options.rounds, _progress))
            print(table(found))
            text = with_client(text, found, options.rounds)
        if options.only in {None, "rules"}:
            text = _with_rules(text, Path(folder))
    if not options.only_print:
        PAGE.write_text(text, encoding="utf-8")


def _with_rules(text: str, folder: Path) -> str:
    """The page with what rules cost; as it is where no Python has the bot, whose history they are measured on."""
    python = bot_python()
    if python is None:
        _progress("rules are not measured: no Python here has the bot, run `nox -s app` once")
        return text
    costs = rule_costs(folder / "prometheus", python)
    print(table(rule_lines(costs)))
    return with_rules(text, rule_lines(costs), cost_table(costs))


def _progress(text: str) -> None:
    print(text, file=sys.stderr)


def measure(folder: Path, sizes: list[int], rounds: int) -> Results:
    """All measurements."""
    with_sdk = find_spec("grafana_foundation_sdk") is not None
    check_same(Field(folder / "same", 1, with_sdk))
    fields = [Field(folder / str(size), size, with_sdk) for size in sizes]
    results = compete(fields, rounds, _progress)
    compete_at_start(folder, ROUNDS_AT_START, results)
    compete_at_import(folder, rounds, results, _progress)
    return results


def check_same(field: Field) -> None:
    """Stop when the outputs differ in what they show."""
    field.cold()
    field.naive()
    field.generate_dashboards()
    found = [
        next(field.project.glob("generated/dashboards/*/*.json")),
        next((field.folder / "grafanalib").glob("*.json")),
        next((field.folder / "naive").glob("*.json")),
    ]
    if field.with_sdk:
        field.foundation_sdk()
        found.append(next((field.folder / "sdk").glob("*.json")))
    if not same(found):
        sys.exit("the outputs do not show the same")


if __name__ == "__main__":
    main()
