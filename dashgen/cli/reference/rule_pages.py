"""The rules of diagnostics, found in the code that reports them."""

import ast
import re
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeAlias

from dashgen.core.lazy_pattern import lazy_pattern

_RULE = lazy_pattern(r"[a-z0-9]+(?:-[a-z0-9]+)*/[a-z0-9]+(?:-[a-z0-9]+)*")
_PLACES = frozenset(("path", "place", "where", "here", "spot", "base", "origin", "location", "key_path"))
_FEWEST_SPACES = 2
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
Names: TypeAlias = dict[str, list[tuple[int, ast.expr]]]


def rules() -> dict[str, list[str]]:
    """The messages of each rule, sorted; what a message takes from the spec is ``…``."""
    messages_by_rule: dict[str, set[str]] = {}
    for text in _sources(files("dashgen")):
        for function in (node for node in ast.walk(ast.parse(text)) if isinstance(node, _FUNCTIONS)):
            names = _assigned(function)
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                for rule, messages in _reported(call, names):
                    shown_messages = (re.sub(r"\{\w+\}", "…", message) for message in messages)
                    messages_by_rule.setdefault(rule, set()).update(
                        m for m in shown_messages if m.count(" ") >= _FEWEST_SPACES
                    )
    return {rule: sorted(messages) for rule, messages in sorted(messages_by_rule.items())}


def _sources(folder: Traversable) -> Iterator[str]:
    for child in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if child.is_dir():
            yield from _sources(child)
        elif child.name.endswith(".py"):
            yield child.read_text(encoding="utf-8")


def _assigned(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Names:
    """The texts that each local name is given, with the line of each assignment."""
    assignments: Names = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            assignments.setdefault(node.targets[0].id, []).append((node.lineno, node.value))
    return assignments


def _reported(call: ast.Call, names: Names) -> Iterator[tuple[str, list[str]]]:
    """The rule that a call names, and its message: the first text after it."""
    for number, argument in enumerate(call.args):
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            continue
        if _RULE.fullmatch(argument.value):
            after = [node for node in call.args[number + 1 :] if not _is_place(node)]
            yield argument.value, _texts(after[0], names, call.lineno) if after else []
            return


def _is_place(node: ast.expr) -> bool:
    return isinstance(node, ast.Tuple) or (isinstance(node, ast.Name) and node.id in _PLACES)


def _texts(node: ast.expr, names: Names, line: int) -> list[str]:
    """The texts that an expression can be, as far as the code tells."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
        return ["".join(map(str, parts))]
    if isinstance(node, ast.Name):
        values = [value for number, value in names.get(node.id, []) if number < line]
        return _texts(values[-1], {}, line) if values else []
    if isinstance(node, ast.IfExp):
        return _texts(node.body, names, line) + _texts(node.orelse, names, line)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        ends = _texts(node.right, names, line)
        return [start + end for start in _texts(node.left, names, line) for end in ends]
    return []
