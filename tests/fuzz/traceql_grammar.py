"""Queries of TraceQL by its grammar: sound ones, and ones whose types and arguments fit only sometimes."""

import random

_ATTRIBUTES = (
    ".a", ".http.status_code", "span.b", "resource.service.name", 'span."c d"', '."e\\"f"', "event.g", "link.h", "instrumentation.i",
)  # fmt: skip
_ODD_ATTRIBUTES = ("parent.a", "span.", ".5", "foo.bar", '."', "$x", "span.$x", "[[x]]", "${x:regex}")
_COMPARISONS = (
    ("duration", ("1s", "100ms", "1h30m", "5"), (">", "<", ">=", "<=", "=", "!=")),
    ("name", ('"GET"', "`POST`", '""'), ("=", "!=", "=~", "!~", ">")),
    ("status", ("error", "ok", "unset"), ("=", "!=")),
    ("kind", ("server", "client", "consumer"), ("=", "!=")),
    ("trace:rootService", ('"a"',), ("=", "!=")),
    ("span:childCount", ("1", "2.5"), (">", "=")),
    ("event:timeSinceStart", ("2ms",), (">",)),
    ("nestedSetParent", ("0", "-1"), ("<", "=")),
)
_VALUES = ("1", "1.5", "-2", '"x"', "true", "1s", "error", "server", "0x1p4", "minInt")
_ODD_VALUES = (
    "nil",
    "08",
    "1_0",
    "5x",
    '"\\d"',
    "'x'",
    '"',
    "foo",
    "1e400",
    "99999999999999999999",
    "$x",
    '"("',
)
_OPERATORS = ("=", "!=", "<", "<=", ">", ">=", "=~", "!~", "+", "-", "*", "/", "%", "^", "&&", "||", "==")
_RELATIONS = (
    "&&", "||", ">", ">>", "<", "<<", "~", "!>", "!>>", "!<", "!<<", "!~", "&>", "&>>", "&<", "&<<", "&~",
)  # fmt: skip
_STAGES = (
    "count() > 2", "avg(duration) >= 1s", "max(span.b) < 10", "sum(.a) != -1", "by(name)", "by(1 + .a)", "coalesce()",
    "select(.a, name)",
)  # fmt: skip
_ODD_STAGES = (
    "count()",
    "count() + 1 > 2",
    "by(1)",
    "select()",
    "max(name) = 1",
    "5 > 3",
    "foo()",
    "rate",
    "$x",
)
_METRICS = (
    "rate()", "count_over_time()", "min_over_time(duration)", "avg_over_time(span.b)", "histogram_over_time(duration)",
    "quantile_over_time(duration, .5, 0.9)", "sum_over_time(.a)",
)  # fmt: skip
_ODD_METRICS = (
    "rate(5m)",
    "quantile_over_time(duration)",
    "quantile_over_time(.a, 2)",
    "compare()",
    "topk(5)",
    "rate",
)
_CHOICES = ("", " | topk(5)", " > 10", " | bottomk(3) <= 1.5", " < -1s")
_ODD_CHOICES = (" | topk(0)", " + 1", " | rate()", " > (1)", " == 1")
_HINTS = ("", "", "", " with (most_recent=true)", " with (sample=0.1, exemplars=false)")
_PIECES = (
    "{", "}", "(", ")", "|", "&&", ">>", "!~", "=", "==", ".", ".a", "span:", "nil", "true", "5", "1s", '"', "`", "'", "\\", "//", "/*",
    "\n", "\0", "\u00a0", "\ufeff", "é", "🤖", "$x", "${", "[[", "by", "with", "parent", "-", "!", "^", ",", "%", "\x1c", "\ud800",
)  # fmt: skip
_DEEPEST = 4


class TraceQLGrammar:
    """Makes queries; with ``is_sound``, such as Tempo takes."""

    def __init__(self, random_: random.Random, *, is_sound: bool = False) -> None:
        self._random = random_
        self._is_sound = is_sound

    def query(self) -> str:
        """A whole query."""
        body = self._spans(0)
        for _ in range(self._random.randrange(3)):
            body += " | " + self._one(_STAGES, _ODD_STAGES)
        if self._random.random() < 0.4:
            body += " | " + self._one(_METRICS, _ODD_METRICS)
            if self._random.random() < 0.5:
                body += f" by ( {self._one(_ATTRIBUTES, _ODD_ATTRIBUTES)} , name )"
            body += self._one(_CHOICES, _ODD_CHOICES)
        return body + self._random.choice(_HINTS)

    def condition(self, depth: int = 0) -> str:
        """A field expression that is a condition."""
        kind = self._random.randrange(8)
        if depth > _DEEPEST or kind < 3:
            return self._comparison()
        if kind == 3:
            return f"!( {self.condition(depth + 1)} )"
        if kind == 4:
            return f"( {self.condition(depth + 1)} )"
        if kind == 5 and not self._is_sound:
            left, right = self.condition(depth + 1), self.condition(depth + 1)
            return f"{left} {self._random.choice(_OPERATORS)} {right}"
        joining = self._random.choice((" && ", " || "))
        return self.condition(depth + 1) + joining + self.condition(depth + 1)

    def _comparison(self) -> str:
        kind = self._random.randrange(4)
        if kind == 0:
            field, values, operators = self._random.choice(_COMPARISONS)
            return f"{field} {self._random.choice(operators)} {self._one(values, _ODD_VALUES)}"
        attribute = self._one(_ATTRIBUTES, _ODD_ATTRIBUTES)
        if kind == 1:
            return f"{attribute} {self._random.choice(('=', '!='))} {self._one(_VALUES, _ODD_VALUES)}"
        if kind == 2:
            return f"{attribute} * 2 + -span.b ^ 2 > 1"
        # `resource.service.name` is never nil.
        return f"{attribute} != nil"

    def _spans(self, depth: int) -> str:
        kind = self._random.randrange(6)
        if depth > _DEEPEST or kind < 3:
            return self._random.choice(("{}", f"{{ {self.condition()} }}", f"{{ {self.condition()} }}"))
        if kind == 3:
            return f"( {self._spans(depth + 1)} )"
        return f"{self._spans(depth + 1)} {self._random.choice(_RELATIONS)} {self._spans(depth + 1)}"

    def _one(self, sound: tuple[str, ...], odd: tuple[str, ...]) -> str:
        is_odd = not self._is_sound and self._random.random() < 0.15
        return self._random.choice(odd if is_odd else sound)


def mutated_query(query: str, random_: random.Random) -> str:
    """A query with some characters and tokens changed."""
    for _ in range(random_.choice((1, 1, 2, 3, 6))):
        start = random_.randrange(len(query) + 1)
        end = min(len(query), start + random_.randrange(5))
        kind = random_.randrange(5)
        piece = random_.choice(_PIECES)
        if kind == 0:
            query = query[:start] + piece + query[start:]
        elif kind == 1:
            query = query[:start] + query[end:]
        elif kind == 2:
            query = query[:start] + piece + query[end:]
        elif kind == 3:
            query = query[:start] + chr(random_.randrange(1, 0x250)) + query[end:]
        else:
            other = random_.randrange(len(query) + 1)
            query = query[:start] + query[other : other + 40] + query[start:]
    return query
