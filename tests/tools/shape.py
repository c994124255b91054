"""Measure the shape of the code and print each figure next to its goal: ``nox -s shape``.

The figures are those of a review that the project keeps: sizes, types, suppressions, parameters, complexity, comments, and names
that carry nothing. A figure beyond its goal is printed with a mark and fails nothing: it is read by people.
"""

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "dashgen"
DIALECT = frozenset(
    [
        "found",
        "said",
        "told",
        "made",
        "given",
        "asked",
        "words",
        "place",
        "kept",
        "known",
        "gone",
        "come",
        "wanted",
        "wish",
        "there",
        "standing",
        "stands",
    ]
)
"""Names of values that name no thing of the field."""
MOST_PARAMETERS = 5
LONGEST_LINE = 110
SHORT_FILE = 40
COMPLEX = 20
"""radon's class D begins above this cyclomatic complexity."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(slots=True)
class Shape:
    """What was counted in all files: figures by name, and the names that functions and classes have."""

    figures: Counter[str] = field(default_factory=Counter)
    functions: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)


def measure(folder: Path) -> Shape:
    """Count everything in the Python files below a folder."""
    shape = Shape()
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        _count_text(text, shape)
        _count_tree(ast.parse(text), shape)
        if path.stem not in {"__init__", "__main__"}:
            # A lint rule is called by its family too.
            family = f"{path.parent.name}/" if path.parent.parent.name == "rules" else ""
            shape.files[family + path.stem] += 1
            shape.figures["files below 40 lines"] += len(text.splitlines()) < SHORT_FILE
    shape.figures["files"] = sum(shape.files.values())
    shape.figures["class names used twice"] = sum(count > 1 for count in shape.classes.values())
    shape.figures["file names used twice"] = sum(count > 1 for count in shape.files.values())
    shape.figures["functions referenced once"] = sum(
        shape.names[name] == 1 for name in shape.functions if not name.startswith("__")
    )
    shape.figures["functions more complex than C"] = _complex_functions(folder)
    return shape


def _count_text(text: str, shape: Shape) -> None:
    lines = text.splitlines()
    shape.figures["lines"] += len(lines)
    shape.figures["lines that are not blank"] += sum(bool(line.strip()) for line in lines)
    shape.figures["lines above 110 characters"] += sum(len(line) > LONGEST_LINE for line in lines)
    shape.figures["# fmt: skip"] += text.count("# fmt: skip")
    shape.figures["# noqa"] += len(re.findall(r"# noqa", text))
    shape.figures["type: ignore"] += len(re.findall(r"# type: ignore", text))
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and not re.match(r"# (noqa|type:|fmt:)", token.string):
            shape.figures["comment lines"] += 1


def _count_tree(tree: ast.Module, shape: Shape) -> None:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                shape.functions[node.name] += 1
                shape.figures["functions"] += 1
                shape.figures["functions with more than 5 parameters"] += _parameters(node) > MOST_PARAMETERS
            case ast.ClassDef():
                shape.classes[node.name] += 1
            case ast.Name(id=name) if name == "Any":
                shape.figures["Any"] += 1
            case ast.Name(id=name):
                shape.names[name] += 1
            case ast.Attribute(attr=name):
                shape.names[name] += 1
            case _:
                pass
    shape.figures["dialect names assigned"] += sum(name in DIALECT for name in _assigned(tree))


def _parameters(function: Function) -> int:
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return sum(argument.arg not in {"self", "cls"} for argument in every)


def _assigned(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg


def _complex_functions(folder: Path) -> int:
    limit = f"lint.mccabe.max-complexity={COMPLEX}"
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select=C901", "--config", limit]
    done = subprocess.run(
        [*command, "--output-format=concise", str(folder)], capture_output=True, text=True, check=False
    )
    return done.stdout.count(" C901 ")


def _share_of_comments(figures: Counter[str]) -> float:
    return 100 * figures["comment lines"] / max(1, figures["lines that are not blank"])


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure and what it should be: at most, or at least when ``least``."""

    name: str
    limit: float
    value: Callable[[Counter[str]], float] | None = None
    least: bool = False

    def row(self, figures: Counter[str]) -> str:
        """The line of the table."""
        value = self.value(figures) if self.value is not None else figures[self.name]
        met = value >= self.limit if self.least else value <= self.limit
        sign = "≥" if self.least else "≤"
        digits = ".2f" if isinstance(value, float) else ""
        return f"{self.name:42} {value:>10,{digits}} {sign} {self.limit:<8,} {'' if met else '← beyond the goal'}".rstrip()


GOALS = (
    Goal("lines", 57_000),
    Goal("Any", 1_000),
    Goal("# noqa", 40),
    Goal("functions with more than 5 parameters", 20),
    Goal("functions more complex than C", 0),
    Goal("comments, percent of lines", 4, _share_of_comments, least=True),
    Goal("class names used twice", 0),
    Goal("file names used twice", 0),
    Goal("lines above 110 characters", 0),
    Goal("dialect names assigned", 0),
)
PLAIN = (
    "files",
    "files below 40 lines",
    "functions",
    "functions referenced once",
    "type: ignore",
    "# fmt: skip",
)


def main() -> None:
    """Print the table of a folder (the whole package without one), with ``--names`` also the names used twice."""
    folders = [Path(argument) for argument in sys.argv[1:] if argument != "--names"]
    shape = measure(folders[0] if folders else PACKAGE)
    for goal in GOALS:
        print(goal.row(shape.figures))
    for name in PLAIN:
        print(f"{name:42} {shape.figures[name]:>10,}")
    if "--names" in sys.argv:
        for title, names in (("class", shape.classes), ("file", shape.files)):
            print(
                *(f"{title} {name}: {count}" for name, count in sorted(names.items()) if count > 1), sep="\n"
            )


if __name__ == "__main__":
    main()
