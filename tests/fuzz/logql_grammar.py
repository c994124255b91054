"""Queries of LogQL by its grammar: sound ones, and ones with a part that fits only sometimes."""

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

Part = TypeVar("Part")

_LABELS = ("app", "level", "status", "_x", "count", "rate", "bytes", "duration", "ip")
_ODD_LABELS = ("json", "by", "or", "of", "unwrap", '"a"', "5", "é", "$label", "[[label]]", "x$y")
_VALUES = ('"a"', '"a|b"', "`a.*`", '"(?i)x"', '"a\\"b"', '".+"', '"\\\\d{2,3}"', '"#"')
_ODD_VALUES = ('""', '".*"', '"("', '"\\d"', "'a'", '"', "`", '"$x"', "$x", "[[x]]", "a", '"\n"')
_FILTERS = ("|=", "!=", "|~", "!~")
_ADDRESSES = ('"10.0.0.1"', '"10.0.0.0/8"', '"10.0.0.1-10.0.0.9"', '"::1"')
_NUMBERS = ("1", "0.5", ".5", "1e3", "-2", "+3", "1_000")
_ODD_NUMBERS = ("1e999", "0x10", "08", "$n", "1.5.2", "--1", "99999999999999999999")
_DURATIONS = ("5m", "1h30m", "100ms", "1.5h", "-5m", "5us", "1d")
_SIZES = ("10KB", "1.5MiB", "5B", "1GB")
_RANGES = ("[5m]", "[1h30m]", "[100ms]", "[1d]")
_ODD_RANGES = ("[$__auto]", "[${w}m]", "[5x]", "[]", "[5m:1m]", "[ 5m]", "[5m", "[1.5h]")
_STAGES = (
    "json", 'json x="a.b[0]"', "json a, b", "logfmt", 'logfmt --strict x="y"', "regexp `(?P<x>\\w+)`", 'pattern "<a> <_>"',
    "unpack", 'line_format "{{.x|ToUpper}}"', 'label_format a=b, c="{{ .d }}"', "decolorize", 'drop a, b=~"c"', 'keep a, b="c"',
)  # fmt: skip
_ODD_STAGES = (
    "jsn", 'json x="a..b"', "logfmt --foo", 'regexp "x"', 'pattern "<a><b>"', 'line_format "{{ foo }}"',
    'line_format "{{ $x }} {{ .a$y }}"', "label_format a=b, a=c", "drop", "$stage", "", '"x"', "rate()", "unwrap x",
)  # fmt: skip
_COUNTS = ("count_over_time", "rate", "bytes_rate", "bytes_over_time", "absent_over_time")
_UNWRAPPED = ("sum_over_time", "avg_over_time", "max_over_time", "last_over_time", "rate", "absent_over_time")
_UNWRAPS = ("ms", "bytes(size)", "duration(took)", "duration_seconds(took)")
_AGGREGATIONS = ("sum", "avg", "min", "max", "count", "stddev", "stdvar")
_OPERATORS = ("+", "-", "*", "/", "%", "^", "==", "!=", ">", ">=", "<", "<=")
_PIECES = (
    *"(){}[]|=!~<>,\"`'+-*/%^. \n#$",
    *(
        "5m",
        "json",
        "by",
        "or",
        "[5m]",
        '{a="b"}',
        "|=",
        "rate(",
        "sum",
        "ip(",
        "unwrap",
        "offset",
        "/*",
        "é",
        "\0",
    ),
    *("$x", "${x:regex}", "[[x]]", "{{", "\ufeff", "\u00a0", "😀"),
)


class LogQLGrammar:
    """Makes queries; all of them are sound, or a part in about ten is odd."""

    def __init__(self, random_: random.Random, *, is_sound: bool = False) -> None:
        self._random = random_
        self._oddness = 0.0 if is_sound else 0.06
        self._depth = 0

    def query(self) -> str:
        """A log query or a metric query."""
        return self._one_of([self.log_query, self.metric_query, self.metric_query])()

    def log_query(self) -> str:
        """Streams and stages."""
        return self._selector() + self._pipeline()

    def metric_query(self) -> str:
        """A query that yields numbers."""
        self._depth += 1
        kinds: list[Callable[[], str]] = [self._range_function, self._unwrapped]
        if self._depth < 5:
            kinds += [self._aggregation, self._operation, self._choice, self._replaced]
        query = self._one_of(kinds)()
        self._depth -= 1
        return f"({query})" if self._chance(0.1) else query

    def _selector(self) -> str:
        matchers = [self._matcher("=~" if self._chance(0.2) else "=")]
        matchers += [
            self._matcher(self._one_of(("=", "!=", "=~", "!~"))) for _ in range(self._random.randint(0, 2))
        ]
        return "{" + ", ".join(matchers) + "}"

    def _matcher(self, operator: str) -> str:
        return f"{self._label()}{operator}{self._pick(_VALUES, _ODD_VALUES)}"

    def _label(self) -> str:
        return self._pick(_LABELS, _ODD_LABELS)

    def _pipeline(self) -> str:
        return "".join(" " + self._stage() for _ in range(self._random.randint(0, 3)))

    def _stage(self) -> str:
        return self._one_of([self._line_filter, self._label_filter, self._named_stage])()

    def _named_stage(self) -> str:
        return "| " + self._pick(_STAGES, _ODD_STAGES)

    def _line_filter(self) -> str:
        operator = self._one_of(_FILTERS)
        texts = [self._pick(_VALUES, _ODD_VALUES) for _ in range(self._random.randint(1, 2))]
        if operator in {"|=", "!="} and self._chance(0.2):
            return f"{operator} ip({self._pick(_ADDRESSES, _ODD_VALUES)})"
        return f"{operator} " + " or ".join(texts)

    def _label_filter(self) -> str:
        parts = [self._comparison() for _ in range(self._random.randint(1, 3))]
        joined = self._one_of((" and ", " or ", ", ", " ")).join(parts)
        return f"| ({joined})" if self._chance(0.2) else f"| {joined}"

    def _comparison(self) -> str:
        if self._chance(0.5):
            return self._matcher(self._one_of(("=", "!=", "=~", "!~")))
        value = self._number() if self._chance(0.4) else self._one_of((*_DURATIONS, *_SIZES))
        return f"{self._label()} {self._one_of(('=', '==', '!=', '>', '<='))} {value}"

    def _number(self) -> str:
        return self._pick(_NUMBERS, _ODD_NUMBERS)

    def _range_function(self) -> str:
        range_ = self._pick(_RANGES, _ODD_RANGES) + (" offset 1h" if self._chance(0.2) else "")
        streams, stages = self._selector(), self._pipeline()
        inner = self._one_of(
            (f"{streams}{stages} {range_}", f"({streams}{stages}) {range_}", f"({streams}{stages} {range_})")
        )
        return f"{self._one_of(_COUNTS)}({inner})"

    def _unwrapped(self) -> str:
        unwrap = f"| unwrap {self._one_of(_UNWRAPS)}" + (' | __error__=""' if self._chance(0.3) else "")
        inner = f"{self._selector()}{self._pipeline()} {unwrap} {self._pick(_RANGES, _ODD_RANGES)}"
        if self._chance(0.3):
            return f"quantile_over_time(0.9, {inner}) by (a)"
        return f"{self._one_of(_UNWRAPPED)}({inner})"

    def _aggregation(self) -> str:
        name, query = self._one_of(_AGGREGATIONS), self.metric_query()
        grouping = f"{self._one_of(('by', 'without'))} ({self._label()}, {self._label()})"
        return self._one_of(
            (f"{name}({query})", f"{name} {grouping} ({query})", f"{name}({query}) {grouping}")
        )

    def _choice(self) -> str:
        if self._chance(0.3):
            return f"{self._one_of(('sort', 'sort_desc'))}({self.metric_query()})"
        return f"{self._one_of(('topk', 'bottomk'))}({self._pick(('3', '10'), _ODD_NUMBERS)}, {self.metric_query()})"

    def _operation(self) -> str:
        if self._chance(0.3):
            return f"{self.metric_query()} {self._one_of(_OPERATORS)} {self._number()}"
        matching = self._one_of(
            ("", "on (app)", "ignoring (app) group_left ()", "on (app) group_right (level)")
        )
        operator = self._one_of((*_OPERATORS, "and", "or", "unless", "> bool"))
        return f"{self.metric_query()} {operator} {matching} {self.metric_query()}"

    def _replaced(self) -> str:
        return f'label_replace({self.metric_query()}, "a", "$1", "b", {self._pick(_VALUES, _ODD_VALUES)})'

    def _pick(self, sound: Sequence[str], odd: Sequence[str]) -> str:
        return self._random.choice(odd if self._chance(self._oddness) else sound)

    def _one_of(self, parts: Sequence[Part]) -> Part:
        return self._random.choice(parts)

    def _chance(self, share: float) -> bool:
        return self._random.random() < share


def mutated_logql(query: str, random_: random.Random) -> str:
    """A query with some of its characters left out, repeated, or with others put between them."""
    for _ in range(random_.randint(1, 3)):
        at, to = sorted(random_.randint(0, len(query)) for _ in range(2))
        query = random_.choice(
            (
                query[:at] + query[at + 1 :],
                query[:at] + random_.choice(_PIECES) + query[at:],
                query[:at] + query[to:],
                query[:to] + query[at:] if len(query) < 2000 else query,
                query[:at] + chr(random_.randint(0, 0x2FF)) + query[at + 1 :],
            )
        )
    return query
