"""Read the clauses of PromQL that have labels or plain numbers: `by (…)`, `on (…)`, `fill (…)`."""

from typing import Final, Literal, NoReturn

from dashgen.query.language import Requirement, ServerFeature
from dashgen.query.promql import promql_features as features
from dashgen.query.promql import promql_refusals as refusals
from dashgen.query.promql.promql_matchers import matchers_of, string_value
from dashgen.query.promql.promql_names import FILLING, GROUPING, MANY_TO_ONE, MATCHING, NO_LABELS
from dashgen.query.promql.promql_nodes import GroupingClause, LabelName, NumberLiteral, SeriesMatching
from dashgen.query.promql.promql_refusals import refuse_at
from dashgen.query.promql.promql_tokens import SPECIAL_NUMBERS, Token, number_value, promql_tokens
from dashgen.query.shared_tokens import tokenize, unbalanced

_GROUPS: Final[dict[str, Literal["group_left", "group_right"]]] = {
    "group_left": "group_left",
    "group_right": "group_right",
}


class ClauseReader:
    """Reads clauses from the tokens of an expression.

    Attributes:
        text: the expression.
        tokens: its tokens, the last of which is of the kind ``end``.
        index: that of the next token.
        requirements: what the expression needs of its server, as far as it has been read.
    """

    __slots__ = ("index", "requirements", "text", "tokens")

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = promql_tokens(text)
        self.index = 0
        self.requirements: list[Requirement] = []

    def grouping(self) -> GroupingClause | None:
        """`by (…)` or `without (…)`, if it is next."""
        token = self.tokens[self.index]
        word = token[1].lower()
        if word not in GROUPING:
            return None
        self.index += 1
        labels, end = self.labels(token)
        return GroupingClause(token[2], end, word == "without", labels)

    def labels(self, clause: Token) -> tuple[tuple[LabelName, ...], int]:
        """The labels in parentheses behind a clause, and the offset after them."""
        _, text, opening = self.tokens[self.index]
        if text != "(":
            refusals.refuse_labels(clause, self.tokens[self.index])
        labels: list[LabelName] = []
        is_separated = True
        while True:
            self.index += 1
            kind, text, start = self.tokens[self.index]
            if text == ")":
                self.index += 1
                return tuple(labels), start + 1
            if text == "," and not is_separated:
                is_separated = True
            elif kind in {"name", "string"} and is_separated:
                labels.append(self._label(kind, text, start))
                is_separated = False
            else:
                self._refuse_label(clause, opening)

    def _label(self, kind: str, text: str, start: int) -> LabelName:
        name = string_value(text, start) if kind == "string" else text
        if kind == "string" or ":" in text:
            subject = "a name in quotes" if kind == "string" else "a label with a colon"
            self.need(features.UTF8_GROUPING, subject, start)
        if not name or (kind == "name" and text.lower() in NO_LABELS):
            hint = f'write `"{name}"`' if name else "write the name of a label"
            refuse_at(start, f"`{text}` cannot be the name of a label", hint)
        return LabelName(start, start + len(text), name)

    def _refuse_label(self, clause: Token, opening: int) -> NoReturn:
        kind, text, start = self.tokens[self.index]
        if kind == "wrong":
            self._refuse_wrong(start)
        if kind == "end":
            refuse_at(opening, "`(` is never closed", "add the missing `)`")
        if kind in {"name", "string"}:
            refuse_at(start, f"a comma is missing before `{text}`", "separate labels by commas")
        if text == ",":
            refuse_at(start, "a comma has no label before it", "remove it")
        hint = f"write names of labels, as in `{clause[1].lower()} (job, instance)`"
        refuse_at(start, f"`{text}` cannot be the name of a label", hint)

    def modifiers(self) -> tuple[bool, SeriesMatching | None]:
        """The clauses behind an operator: `bool`, `on (…)` or `ignoring (…)`, and `fill (…)`."""
        returns_bool = self.word() == "bool"
        if returns_bool:
            self.index += 1
        first = self.tokens[self.index]
        on, end = False, -1
        labels: tuple[LabelName, ...] | None = None
        group: Literal["", "group_left", "group_right"] = ""
        include: tuple[LabelName, ...] = ()
        if (word := self.word()) in MATCHING:
            self.index += 1
            on = word == "on"
            labels, end = self.labels(first)
            if (word := self.word()) in MANY_TO_ONE:
                token = self.tokens[self.index]
                group, end = _GROUPS[word], token[2] + len(word)
                self.index += 1
                if self.tokens[self.index][1] == "(":
                    include, end = self.labels(token)
        fills: dict[str, float] = {}
        while (word := self.word()) in FILLING and self._fills(word, fills):
            end = self._fill(word, fills)
        if end < 0:
            return returns_bool, None
        left, right = fills.get("fill_left"), fills.get("fill_right")
        return returns_bool, SeriesMatching(first[2], end, on, labels, group, include, left, right)

    def word(self) -> str:
        """The next token in lower case if it is a word."""
        kind, text, _ = self.tokens[self.index]
        return text.lower() if kind == "name" else ""

    def _fills(self, word: str, fills: dict[str, float]) -> bool:
        """Whether a word is the clause and not a metric of its name, and may follow the ones before it."""
        _, text, start = self.tokens[self.index]
        _, after, opening = self.tokens[self.index + 1]
        if after != "(" or self.text[start + len(text) : opening].strip():
            return False
        if word in fills or (word == "fill" and fills):
            refuse_at(start, f"`{word}` cannot follow another one", "keep one of them")
        return True

    def _fill(self, word: str, fills: dict[str, float]) -> int:
        start = self.tokens[self.index][2]
        self.need(features.FILL, f"`{word}`", start)
        self.index += 2
        value = self.plain_number()
        if value is None:
            refuse_at(start, f"`{word}` takes a number", f"write `{word}(0)`")
        fills.update({"fill_left": value, "fill_right": value} if word == "fill" else {word: value})
        if self.tokens[self.index][1] != ")":
            refuse_at(start, f"`{word}` takes a number and nothing else", f"write `{word}(0)`")
        self.index += 1
        return self.tokens[self.index - 1][2] + 1

    def plain_number(self) -> float | None:
        """A number or duration with at most one sign; None if there is none."""
        sign = self.tokens[self.index][1]
        self.index += sign in {"+", "-"}
        kind, text, start = self.tokens[self.index]
        if kind == "number":
            value = self.number(text, start).val
        elif text.lower() in SPECIAL_NUMBERS:
            value = SPECIAL_NUMBERS[text.lower()]
        else:
            return None
        self.index += 1
        return -value if sign == "-" else value

    def number(self, text: str, start: int) -> NumberLiteral:
        """The number or duration of a token, which has been taken or will be."""
        value = number_value(text)
        if value is None:
            refusals.refuse_number(text, start)
        if value.is_duration:
            feature = features.NUMBERS_AS_DURATIONS if value.value else features.ZERO_DURATIONS
            self.need(feature, "a duration as a number", start)
        if "_" in text:
            self.need(features.UNDERSCORES, "`_` in a number", start)
        return NumberLiteral(start, start + len(text), value.value, value.is_duration)

    def need(self, feature: ServerFeature, subject: str, start: int) -> None:
        """Note a feature that the expression needs."""
        self.requirements.append(Requirement(feature, subject, start))

    def _neighbours(self) -> tuple[Token, Token, Token]:
        """The next token with the ones before and after it; refuses it at once if it begins nothing."""
        edge = ("end", "", 0)
        index = self.index
        token = self.tokens[index]
        if token[0] == "wrong":
            self._refuse_wrong(token[2])
        before = self.tokens[index - 1] if index else edge
        return before, token, self.tokens[index + 1] if index + 1 < len(self.tokens) else edge

    def _refuse_wrong(self, start: int) -> NoReturn:
        tokens = tokenize(self.text)
        refusals.refuse_long_texts(tokens)
        if self.text[start] == "{" and unbalanced(tokens) is None:
            # The braces are closed, so something between them is wrong.
            matchers_of(self.text + "}", self.text[start:] + "}", start)
        refusals.refuse_wrong(self.text, start)

    def refuse_operand(self) -> NoReturn:
        """Refuse the next token, which cannot begin an operand."""
        before, token, _ = self._neighbours()
        is_percent = before[1] == "%" and self.index > 1 and self.tokens[self.index - 2][0] == "number"
        refusals.refuse_operand(before, token, is_percent=is_percent)

    def refuse_after_operand(self) -> NoReturn:
        """Refuse the next token, which cannot follow an operand."""
        refusals.refuse_after_operand(*self._neighbours())
