"""Go templates by their grammar: sound ones, and ones with a part that fits only sometimes."""

import random
from collections.abc import Sequence

_VALUES = (
    "$labels.job", "$value", ".Labels.x", ".Value", ".", "$", '"a"', "`raw`", "1", "-1.5", "0x1F", "'a'", "true", "$x", "$e.Value",
)  # fmt: skip
_ODD_VALUES = (
    "$y", "$.Nothing", ".Alerts.Firng", "..A", ".A.", "$a-b", '"\\q"', '"', "`", "''", "'ab'", "1__0", "08", "1a", "nil",
    "foo", "if", "(", ")", ",", ":=", "{{", "[[x]]", "${x}",
)  # fmt: skip
_FUNCTIONS = (
    "humanize",
    "printf",
    "toUpper",
    "len",
    "eq",
    "index",
    "print",
    "query",
    "first",
    "reReplaceAll",
)
_ODD_FUNCTIONS = ("humanise", "foo", "end", "range", "now", "$f", "nil", "coll.Dict")
_PIECES = (
    *"{}()|.$\"`'-:=, \n/*#ax1",
    "{{",
    "}}",
    "{{-",
    "-}}",
    "end",
    "if",
    "$x",
    ":=",
    "é",
    "\0",
    "{{/*",
    "*/}}",
)


class TemplateGrammar:
    """Makes templates of rules; all of them parse, or a part in about ten is odd."""

    def __init__(self, random_: random.Random, *, is_sound: bool = False) -> None:
        self._random = random_
        self._oddness = 0.0 if is_sound else 0.06
        self._depth = 0

    def template(self) -> str:
        """Text and actions, with the variables that they use."""
        return "{{ $x := 1 }}{{ $e := first (query `up`) }}" + self._body()

    def _body(self) -> str:
        return "".join(self._node() for _ in range(self._random.randint(0, 3)))

    def _node(self) -> str:
        self._depth += 1
        kinds = [self._text, self._action]
        if self._depth < 4:
            kinds += [self._if, self._range, self._with, self._comment]
        node = self._random.choice(kinds)()
        self._depth -= 1
        return node

    def _text(self) -> str:
        return self._random.choice(("text", " ", "{ }", "\n", "}}"))

    def _comment(self) -> str:
        return self._random.choice(("{{/* c */}}", "{{- /* c */ -}}"))

    def _action(self) -> str:
        return self._braces(self._pipeline())

    def _braces(self, inside: str) -> str:
        start, end = self._random.choice((("{{ ", " }}"), ("{{", "}}"), ("{{- ", " -}}"), ("{{\n", "  -}}")))
        return start + inside + end

    def _if(self) -> str:
        otherwise = self._braces("else") + self._body() if self._chance(0.4) else ""
        return self._braces(f"if {self._pipeline()}") + self._body() + otherwise + self._end()

    def _range(self) -> str:
        declared = self._random.choice(("", "$k, $v := ", "$v := "))
        leaves = self._braces("break") if self._chance(0.2) else ""
        return self._braces(f"range {declared}{self._pipeline()}") + self._body() + leaves + self._end()

    def _with(self) -> str:
        return self._braces(f"with {self._pipeline()}") + self._body() + self._end()

    def _end(self) -> str:
        return "" if self._chance(self._oddness / 3) else self._braces("end")

    def _pipeline(self) -> str:
        calls = [" | " + self._call(0) for _ in range(self._random.randint(0, 2))]
        return self._call(self._random.randint(0, 2)) + "".join(calls)

    def _call(self, most: int) -> str:
        if most == 0 and self._chance(0.5):
            return self._pick(_FUNCTIONS, _ODD_FUNCTIONS)
        arguments = [self._operand() for _ in range(most)]
        return " ".join([self._pick(_FUNCTIONS, _ODD_FUNCTIONS), *arguments])

    def _operand(self) -> str:
        self._depth += 1
        nested = self._depth < 6 and self._chance(0.15)
        operand = f"({self._pipeline()})" if nested else self._pick(_VALUES, _ODD_VALUES)
        self._depth -= 1
        return operand

    def _pick(self, sound: Sequence[str], odd: Sequence[str]) -> str:
        return self._random.choice(odd if self._chance(self._oddness) else sound)

    def _chance(self, share: float) -> bool:
        return self._random.random() < share


def mutated_template(text: str, random_: random.Random) -> str:
    """A template with some of its characters left out, repeated, or with others put between them."""
    for _ in range(random_.randint(1, 3)):
        at, to = sorted(random_.randint(0, len(text)) for _ in range(2))
        text = random_.choice(
            (
                text[:at] + text[at + 1 :],
                text[:at] + random_.choice(_PIECES) + text[at:],
                text[:at] + text[to:],
                text[:at] + chr(random_.randint(0, 0x2FF)) + text[at + 1 :],
            )
        )
    return text
