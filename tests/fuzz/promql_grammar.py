"""PromQL by its grammar and its types: whatever `PromQLGrammar` makes, Prometheus 3.14 takes with all of its flags."""

import random
from collections.abc import Callable
from typing import Final

from dashgen.query.promql.promql_names import AGGREGATION_PARAMETERS, AGGREGATIONS, SIGNATURES
from dashgen.query.promql.promql_nodes import ValueType

_METRICS = [
    "up",
    "http_requests_total",
    "job:x:rate5m",
    "x_bucket",
    "sum",
    "by",
    "offset",
    "start",
    "_",
    "fill",
    "And",
]
_LABELS = ["job", "le", "instance", "sum", "on", "group_left", "_", "__name__", "step", "fill_left"]
_VALUES = ['"a"', "'b'", "`c\\d`", '"é\\n\\x41\\u00e9"', '"😀"', '"x y"', "'\"'", '"a{b}[c]#"']
_PATTERNS = ['"a.*"', '"a|b"', "'[a-z]+'", r"`\d+`", '"(?i:x)"', r'"a\\.b"']
_NUMBERS = ["1", "0", "0.5", ".5", "1e3", "1.5e-3", "0x1F", "1_000", "017", "Inf", "NaN", "5m", "1h30m"]
_DURATIONS = ["5m", "1h30m", "30s", "500ms", "1d", "2w", "1y", "300", "0x10", "1.5"]
_SPACES = [" ", "", "  ", "\n", " # note ( [ {\n", "\t"]
_ARITHMETIC = ["+", "-", "*", "/", "%", "^", "atan2"]
_COMPARISONS = ["==", "!=", "<", "<=", ">", ">="]
_SETS = ["and", "or", "unless", "AND"]
_DEEPEST: Final = 4
_Maker = Callable[[], str]


class PromQLGrammar:
    """Makes expressions of each type.

    Args:
        random_: what chooses.
    """

    def __init__(self, random_: random.Random) -> None:
        self._random = random_
        self._depth = 0
        self._makers: dict[ValueType, list[_Maker]] = {
            "vector": [
                self.selector,
                self.selector,
                self.selector,
                self.vector_call,
                self.aggregation,
                self.operation,
                self.vector_in_parentheses,
                self.negative,
            ],
            "scalar": [self.number, self.number, self.scalar_call, self.scalar_operation],
            "matrix": [self.range_selector, self.range_selector, self.subquery],
            "string": [lambda: self.one_of(_VALUES)],
        }

    def query(self) -> str:
        """An expression of any type."""
        return self.of_type(self.one_of(["vector", "vector", "vector", "scalar", "matrix", "string"]))

    def of_type(self, type_: ValueType) -> str:
        """An expression of a type."""
        self._depth += 1
        makers = self._makers[type_]
        text = makers[0]() if self._depth > _DEEPEST else self.one_of(makers)()
        self._depth -= 1
        return text

    def one_of(self, choices: list) -> str:
        """One of some choices."""
        return self._random.choice(choices)

    def maybe(self, text: str) -> str:
        """A text, or nothing."""
        return text if self._random.random() < 0.3 else ""

    def space(self) -> str:
        """What may be between two tokens."""
        return self._random.choice(_SPACES)

    def selector(self) -> str:
        """An instant selector."""
        name = self.one_of(_METRICS)
        matchers = [self.matcher() for _ in range(self._random.randrange(3))]
        braces = "{" + ",".join(matchers) + self.maybe("," if matchers else "") + "}"
        if self._random.random() < 0.2:
            return f'{{"a.b"{self.space()}}}' if not matchers else f'{{"a.b", {", ".join(matchers)}}}'
        return name + self.maybe(self.space()) + braces + self.modifiers()

    def matcher(self) -> str:
        """A label matcher that does not name the metric."""
        label = self.one_of([label for label in _LABELS if label != "__name__"] + ['"c.d"'])
        operator = self.one_of(["=", "!=", "=~", "!~"])
        value = self.one_of(_PATTERNS if "~" in operator else _VALUES)
        return f"{label}{self.space()}{operator}{self.space()}{value}"

    def modifiers(self) -> str:
        """`offset` and `@`, in any order."""
        parts = []
        if self._random.random() < 0.1:
            parts.append(f" offset {self.one_of(['', '-', '+'])}{self.offset()}")
        if self._random.random() < 0.1:
            parts.append(f" @ {self.one_of(['start()', 'end()', '1700000000', '-1.5', '5m'])}")
        self._random.shuffle(parts)
        return "".join(parts)

    def offset(self) -> str:
        """The duration of an offset, to which no operator behind it can belong."""
        return self.one_of([*_DURATIONS, "step()", "range()", "min_of(5m, step() * 2)"])

    def duration(self) -> str:
        """A duration longer than nothing, which may be calculated."""
        kind = self._random.randrange(8)
        if kind < 5 or self._depth > _DEEPEST:
            return self.one_of(_DURATIONS)
        self._depth += 1
        left, right = self.duration(), self.duration()
        self._depth -= 1
        return self.one_of(
            [
                f"{left} {self.one_of(['+', '-', '*', '/', '%', '^'])} {right}",
                f"max_of({left}, {right})",
                f"({left})",
                f"-({left} * {right})",
                f"{left} * STEP()",
            ]
        )

    def range_selector(self) -> str:
        """A range selector."""
        extension = self.one_of(["", "", "", " anchored", " smoothed"])
        selector = self.one_of(["up", 'x{a="b"}', '{__name__=~"a.+"}', "sum", '{"a.b"}'])
        return f"{selector}{self.maybe(self.space())}[{self.duration()}]{extension}{self.modifiers()}"

    def subquery(self) -> str:
        """A subquery."""
        inner = f"({self.of_type('vector')})" if self._random.random() < 0.8 else "up"
        return f"{inner}[{self.one_of(_DURATIONS)}:{self.maybe(self.duration())}]{self.modifiers()}"

    def vector_call(self) -> str:
        """A call of a function that yields series."""
        return self.call("vector")

    def scalar_call(self) -> str:
        """A call of a function that yields a number."""
        return self.call("scalar")

    def call(self, returns: ValueType) -> str:
        """A call of a function, with as many arguments as it may have."""
        name = self.one_of([name for name, one in SIGNATURES.items() if one.returns == returns])
        function = SIGNATURES[name]
        most = function.most if function.most is not None else function.least + 3
        count = self._random.randint(function.least, most)
        arguments = []
        for index in range(count):
            type_ = function.arguments[min(index, len(function.arguments) - 1)]
            arguments.append(self.of_type(type_))
        if name == "info" and count > 1:
            arguments[1] = '{a="b"}'
        return f"{name}{self.maybe(self.space())}({', '.join(arguments)})"

    def aggregation(self) -> str:
        """An aggregation with its clause before or behind the parentheses."""
        name = self.one_of(sorted(AGGREGATIONS))
        arguments = self.of_type("vector")
        if parameter := AGGREGATION_PARAMETERS.get(name):
            arguments = f"{self.of_type(parameter)}, {arguments}"
        clause = self.maybe(f" {self.one_of(['by', 'without', 'BY'])} {self.labels()} ")
        if self._random.random() < 0.5:
            return f"{name}{clause}({arguments})"
        return f"{name}({arguments}){clause.rstrip()}"

    def labels(self) -> str:
        """Labels in parentheses."""
        labels = [self.one_of([*_LABELS, '"e.f"', "'g'"]) for _ in range(self._random.randrange(4))]
        return f"({', '.join(labels)}{self.maybe(',' if labels else '')})"

    def operation(self) -> str:
        """A binary operation of series, or of series and a number."""
        left = self.of_type("vector")
        if self._random.random() < 0.3:
            operator = self.one_of(_ARITHMETIC + _COMPARISONS)
            is_bool = operator in _COMPARISONS and self._random.random() < 0.3
            return f"({left} {operator} {'bool ' if is_bool else ''}{self.one_of(_NUMBERS)})"
        operator = self.one_of(_ARITHMETIC + _COMPARISONS + _SETS + ["</", ">/"])
        is_bool = operator in _COMPARISONS and self._random.random() < 0.3
        matching = self.maybe(self.matching(is_set=operator.lower() in _SETS))
        return f"{left} {operator} {'bool ' if is_bool else ''}{matching}({self.of_type('vector')})"

    def matching(self, *, is_set: bool) -> str:
        """The clauses behind an operator; the labels of `on` are in no other."""
        on = self.one_of(["on (a, b) ", "ignoring (c) ", "on () ", 'ON ("a.b",) '])
        if is_set:
            return on
        # Behind `group_left` without labels, the parentheses of the operand would be its labels.
        group = self.one_of(["", "", "GROUP_LEFT (z,) ", "group_right (x, y) ", "group_left () "])
        fill = self.one_of(["", "", "fill(0) ", "fill_left(-1) fill_right(NaN) ", "fill_right (5m) "])
        return on + group + fill

    def vector_in_parentheses(self) -> str:
        """Series in parentheses."""
        return f"({self.space()}{self.of_type('vector')}{self.space()})"

    def negative(self) -> str:
        """Series with signs."""
        return f"{self.one_of(['-', '+', '- -'])}({self.of_type('vector')})"

    def number(self) -> str:
        """A number."""
        return self.maybe("-") + self.one_of(_NUMBERS)

    def scalar_operation(self) -> str:
        """An operation on numbers."""
        operator = self.one_of([*_ARITHMETIC, *[f"{comparison} bool" for comparison in _COMPARISONS]])
        return f"({self.of_type('scalar')}) {operator} ({self.of_type('scalar')})"
