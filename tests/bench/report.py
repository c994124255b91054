"""The results as ratios, with the goals beside them."""

import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from tests.bench.rounds import Results, typical

MEMORY_GOAL = 100


@dataclass(frozen=True)
class Line:
    """One line of the table: what is compared, the ratio, and the goal it should meet, if there is one."""

    what: str
    ratio: float
    goal: float | None = None
    at_least: bool = False

    @property
    def met(self) -> str:
        """Whether the goal is met, in a word."""
        if self.goal is None:
            return ""
        return "yes" if (self.ratio >= self.goal if self.at_least else self.ratio <= self.goal) else "**no**"

    def __str__(self) -> str:
        """The line in Markdown."""
        goal = "" if self.goal is None else f"{'≥' if self.at_least else '≤'} {self.goal:g}"
        return f"| {self.what} | {self.ratio:.3g} | {goal} | {self.met} |"


def lines(results: Results) -> list[Line]:
    """Every comparison."""
    largest = max(count for name, count in results if name == "cold")
    middle = min(largest, 100)

    def ratio(name: str, other: str, count: int, what: str = "cpu") -> float:
        return typical(results, name, count, what) / typical(results, other, count, what)

    found = [
        Line(f"{largest} dashboards, cold, all checks / grafanalib's `generate-dashboards`",
             ratio("cold", "generate-dashboards", largest), 0.5),
        Line(f"{largest} dashboards, nothing changed / cold", ratio("unchanged", "cold", largest), 0.03),
        Line(f"{largest} dashboards, one spec changed / cold", ratio("one changed", "cold", largest), 0.06),
        Line(f"{largest} dashboards, `dashgen review` of one changed, in words / its build",
             ratio("review", "one changed", largest), 3),
        Line(f"{largest} dashboards, `dashgen lint`, all rules / cold build", ratio("lint", "cold", largest), 0.7),
        Line(f"{largest} dashboards, `dashgen lint`, nothing changed / cold build",
             ratio("lint again", "cold", largest), 0.03),
        Line("`dashgen lint --stdin` of one file / importing what it needs", ratio("stdin", "import of lint", 0), 3),
        Line(f"peak memory of `dashgen lint`, {largest} dashboards / {middle}",
             typical(results, "lint", largest, "memory") / typical(results, "lint", middle, "memory"), 1.05),
        Line("peak memory of the largest process / 100 MB",
             typical(results, "cold", largest, "memory") / MEMORY_GOAL, 1),
        Line(f"peak memory, {largest} dashboards / {middle}",
             typical(results, "cold", largest, "memory") / typical(results, "cold", middle, "memory"), 1.05),
        Line("`dashgen --help` / `python -c pass`", ratio("--help", "python", 0), 3),
        Line("`dashgen build`, nothing changed, 3 dashboards / `python -c pass`", ratio("build", "python", 0), 3.5),
    ]  # fmt: skip
    if ("foundation-sdk", largest) in results:
        versus = ratio("cold", "foundation-sdk", largest)
        found.insert(
            1, Line(f"{largest} dashboards, cold, all checks / grafana-foundation-sdk (Python)", versus, 0.8)
        )
    if ("two workers", largest) in results:
        faster = 1 / ratio("two workers", "cold", largest, "wall")
        found.insert(
            4, Line(f"{largest} dashboards, time with one process / with two", faster, 1.7, at_least=True)
        )
    for name, shown in (
        ("generate-dashboards", "grafanalib's `generate-dashboards`"),
        ("foundation-sdk", "grafana-foundation-sdk (Python)"),
        ("naive", "safe_load + jsonschema + grafanalib + json.dump"),
    ):
        for count in sorted({count for other, count in results if other == name and count != largest}):
            plural = "" if count == 1 else "s"
            found.append(Line(f"{count} dashboard{plural}, cold / {shown}", ratio("cold", name, count)))
    return found


def table(found: list[Line]) -> str:
    """The comparisons as a Markdown table."""
    return "\n".join(["| what | ratio | goal | met |", "|---|---|---|---|", *map(str, found)]) + "\n"


def page(found: list[Line], rounds: int) -> str:
    """The page of the documentation."""
    peers = ", ".join(f"{name} {number}" for name in _PEERS if (number := _version(name)))
    return f"""# Performance

Written by `nox -s bench`. Ratios of processor time (user and system, of all processes), medians of {rounds} rounds in
which everybody took turns; the two lines about memory and the one about two processes say so. Every dashboard has 3 rows,
21 panels, 30 Prometheus queries and 3 variables; every query text is different; the same content was written for everybody,
and the outputs were compared before anything was timed. Everybody compiled all files in one process with warm
bytecode caches. "All checks" means that dashgen knows the position of every value, converts every spec strictly,
parses every query and looks its metrics up in the contract; the others check next to nothing.

{table(found)}
Python {platform.python_version()}; {peers}.
"""


CLIENT = "## A running Grafana"


def with_client(text: str, found: list[Line], rounds: int) -> str:
    """The page with another section about a running Grafana."""
    before = text.partition(f"\n{CLIENT}\n")[0].rstrip("\n")
    return f"""{before}

{CLIENT}

Also written by `nox -s bench`. Ratios of time by the clock, medians of {rounds} rounds in which everybody took turns. The fake
Grafana of the tests is a process of its own on the same machine and answers each request after 20 ms. "Serial requests" is
one program that reads the same dashboards one after another over one connection. The project had been built and pushed
before; "remembers nothing" is a machine of continuous integration, without `.dashgen/push`. The Kubernetes-style API lists
dashboards without their contents; the classic one, of Grafana 10 and 11, has to be asked for each.

{table(found)}{rules_section(text)}"""


RULES = "## What rules cost a Prometheus"


def with_rules(text: str, found: list[Line], parts: str) -> str:
    """The page with another section about rules, which is its last one; ``parts`` is a table of what each costs."""
    before = text.partition(f"\n{RULES}\n")[0].rstrip("\n")
    return f"""{before}

{RULES}

Also written by `nox -s bench`, where the bot's environment is (`nox -s app` makes it); alone: `python -m tests.bench.rule_cost`. A
Prometheus has the thirty days of the load generator and what the rules recorded in them. Each rule is evaluated at times of the
last hour, and counts as often as its group is evaluated; so does each query of a dashboard by its refresh, for one person
who looks at it. The times are Prometheus' own (`evalTotalTime`), the shortest of several. "Own rules" are those of
documents `AlertRules`, most of them older than the library.

The goal is that new rules add less than 5% to what Prometheus evaluates; rules alone do not meet it, and cannot: there are
more than ten times as many as before, and a rule over few samples takes about a fifth of a millisecond, whatever it computes.

{table(found)}
{parts}"""


def rules_section(text: str) -> str:
    """The section of a page about rules; empty when it has none."""
    _, mark, section = text.partition(f"\n{RULES}\n")
    return mark + section


PROFILE = "## Where the time goes"


def profile_section(text: str) -> str:
    """The section about a profile, which people write; empty when a page has none."""
    _, mark, section = text.partition(f"\n{CLIENT}\n")[0].partition(f"\n{PROFILE}\n")
    return mark + section


def client_section(text: str) -> str:
    """The section of a page about a running Grafana; empty when it has none."""
    _, mark, section = text.partition(f"\n{RULES}\n")[0].partition(f"\n{CLIENT}\n")
    return mark + section


_PEERS = ("grafanalib", "grafana-foundation-sdk", "jsonschema", "PyYAML")


def _version(name: str) -> str:
    try:
        return version(name).rpartition("!")[2]
    except PackageNotFoundError:
        return ""
