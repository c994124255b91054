"""What is measured, in turns, so that a busy machine slows everybody alike."""

import shutil
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.bench import as_dashgen, as_grafanalib, as_sdk, content
from tests.bench.measure import Cost, run

PYTHON = sys.executable
DASHGEN = str(Path(PYTHON).with_name("dashgen"))
GRAFANALIB = "from grafanalib._gen import generate_dashboards_script as main; main()"
NAIVE = str(Path(__file__).with_name("naive.py"))
MOST_FOR_NAIVE = 100
_AUTHOR = ("-c", "user.name=bench", "-c", "user.email=bench@example.com")

Results = dict[tuple[str, int], list[Cost]]


@dataclass
class Field:
    """The same dashboards, written for everybody, in one folder."""

    folder: Path
    count: int
    with_sdk: bool
    round: int = 0
    grafanalib: list[Path] = field(default_factory=list)
    sdk: list[Path] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Write everything."""
        dashboards = [content.dashboard(number) for number in range(1, self.count + 1)]
        as_dashgen.write_project(self.project, dashboards)
        self.grafanalib = as_grafanalib.write_files(self.folder / "grafanalib", dashboards)
        if self.with_sdk:
            self.sdk = as_sdk.write_files(self.folder / "sdk", dashboards)

    @property
    def project(self) -> Path:
        """The dashgen project."""
        return self.folder / "dashgen"

    def cold(self, *options: str) -> Cost:
        """A build with nothing there: no output, no memory of earlier builds."""
        for name in ("generated", ".dashgen"):
            shutil.rmtree(self.project / name, ignore_errors=True)
        return run([DASHGEN, "build", *options], self.project)

    def unchanged(self) -> Cost:
        """A build right after another."""
        return run([DASHGEN, "build"], self.project)

    def one_changed(self) -> Cost:
        """A build after one spec changed."""
        self.round += 1
        as_dashgen.write_spec(self.project, content.dashboard(1, f" Changed {self.round}."))
        cost = run([DASHGEN, "build"], self.project)
        as_dashgen.write_spec(self.project, content.dashboard(1))
        return cost

    def review(self) -> Cost:
        """A review, in words, after one spec changed that was not built yet."""
        if not (self.project / ".git").exists():
            (self.project / ".gitignore").write_text("generated\nbench.log\n", encoding="utf-8")
            for words in (
                ("init", "--quiet"),
                ("add", "--all"),
                (*_AUTHOR, "commit", "--quiet", "--message=specs"),
            ):
                run(["git", *words], self.project)
        self.round += 1
        as_dashgen.write_spec(self.project, content.dashboard(1, f" Changed {self.round}."))
        cost = run([DASHGEN, "review", "--against", "HEAD"], self.project)
        as_dashgen.write_spec(self.project, content.dashboard(1))
        return cost

    def lint(self) -> Cost:
        """All rules over everything, without a memory of an earlier run."""
        for file in (self.project / ".dashgen/cache").glob("*.lint"):
            file.unlink()
        return self.lint_again()

    def lint_again(self) -> Cost:
        """All rules right after another run."""
        return run([DASHGEN, "lint", "--preset", "strict", "--statistics"], self.project)

    def generate_dashboards(self) -> Cost:
        """grafanalib's own command, all files in one process."""
        return run([PYTHON, "-c", GRAFANALIB, *map(str, self.grafanalib)], self.folder)

    def foundation_sdk(self) -> Cost:
        """The foundation SDK, all files in one process."""
        return run([PYTHON, "program.py", *map(str, self.sdk)], self.folder / "sdk")

    def naive(self) -> Cost:
        """The obvious pipeline over the same specs."""
        return run([PYTHON, NAIVE, str(self.project / "specs/dashboards"), "naive"], self.folder)


def turns(field: Field) -> dict[str, Callable[[], Cost]]:
    """Who runs in each round, in this order; ``unchanged``, ``one changed`` and ``review`` follow a cold build."""
    found: dict[str, Callable[[], Cost]] = {
        "cold": lambda: field.cold("--jobs", "1"),
        "unchanged": field.unchanged,
        "one changed": field.one_changed,
        "review": field.review,
        "lint": field.lint,
        "lint again": field.lint_again,
        "generate-dashboards": field.generate_dashboards,
    }
    if field.with_sdk:
        found["foundation-sdk"] = field.foundation_sdk
    if field.count <= MOST_FOR_NAIVE:
        found["naive"] = field.naive
    else:
        found["two workers"] = lambda: field.cold("--jobs", "2")
    return found


def compete(fields: list[Field], rounds: int, progress: Callable[[str], None]) -> Results:
    """Run everybody in turns, once to warm up and then ``rounds`` times."""
    results: Results = defaultdict(list)
    for one in fields:
        for number in range(rounds + 1):
            progress(f"{one.count} dashboards, {'warm-up' if number == 0 else f'round {number} of {rounds}'}")
            for name, turn in turns(one).items():
                cost = turn()
                if number:
                    results[name, one.count].append(cost)
    return results


def compete_at_start(folder: Path, rounds: int, results: Results) -> None:
    """Compare ``dashgen --help``, and a build of three dashboards that finds nothing changed, with an empty Python program."""
    project = folder / "start"
    as_dashgen.write_project(project, [content.dashboard(number) for number in (1, 2, 3)])
    run([DASHGEN, "build"], project)
    spec = next((project / "specs/dashboards").glob("*.yaml")).relative_to(project)
    stdin = f"exec {DASHGEN} lint --statistics --stdin --stdin-name {spec} < {spec}"
    commands = {
        "--help": [DASHGEN, "--help"],
        "build": [DASHGEN, "build"],
        "python": [PYTHON, "-c", "pass"],
        "stdin": ["sh", "-c", stdin],
        "import of lint": [PYTHON, "-c", "import dashgen.project.lint.run_lint"],
    }
    for number in range(rounds + 1):
        for name, command in commands.items():
            cost = run(command, project)
            if number:
                results[name, 0].append(cost)


def typical(results: Results, name: str, count: int, what: str = "cpu") -> float:
    """The median of what a competitor needed."""
    return median(float(getattr(cost, what)) for cost in results[name, count])
