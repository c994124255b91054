"""How many queries a second the parsers of the query languages read.

A process reads each query of the tables of sound queries once, so that nothing is remembered; the least time of
several processes counts for a query, and the median of the queries for a language.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from dashgen.query import LANGUAGES

_TABLES = {"prometheus": "promql", "loki": "logql", "tempo": "traceql"}
_FIRST = 30
_QUERIES = Path(__file__).parents[1] / "query"


def queries(language: str) -> list[str]:
    """The sound queries of a language."""
    lines = (_QUERIES / _TABLES[language] / "valid.txt").read_text(encoding="utf-8").splitlines()
    return [line.replace("⏎", "\n") for line in lines if line and not line.startswith("#")]


def parser_lines(rounds: int) -> list[str]:
    """A line a language with the queries a second."""
    found = []
    for language in _TABLES:
        times = [min(several) for several in zip(*(_round(language) for _ in range(rounds)), strict=True)]
        found.append(f"{language}: {1 / median(times):,.0f} median queries a second ({len(times)} queries)")
    return found


def _round(language: str) -> list[float]:
    command = [sys.executable, "-m", "tests.bench.parsers", language]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _times(language: str) -> list[float]:
    """The time of each query after the first few, which import the parser and compile its patterns."""
    parse = LANGUAGES[language].parse
    times = []
    for text in queries(language):
        start = time.perf_counter()
        parse(text)
        times.append(time.perf_counter() - start)
    return times[_FIRST:]


if __name__ == "__main__":
    print(json.dumps(_times(sys.argv[1])))
