"""Stand-ins for the Grafana variables of a query, with which it can be parsed.

A stand-in is exactly as long as the reference that it replaces, so that offsets in the parsed text are
offsets in the text that the author wrote.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final

from dashgen.core.diagnostics import nearest
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.language import Fault
from dashgen.query.own_variables import without_own
from dashgen.query.query_context import Reference, VariableRole, references
from dashgen.query.shared_tokens import LOGQL_WORDS, PROMQL_WORDS

_DURATION_NAMES: Final = frozenset({"__rate_interval", "__interval", "__range", "__auto"})
_AUTO_DURATION: Final = "__auto_interval_"
_DURATION_WORD: Final = r"__(?:rate_interval|interval|range|auto(?:_interval_\w+)?)"
_DURATION: Final = lazy_pattern(
    rf"\${_DURATION_WORD}\b|\${{{_DURATION_WORD}(?::\w+)?}}|\[\[{_DURATION_WORD}(?::\w+)?\]\]", re.ASCII
)
_NUMBERS: Final = frozenset(
    {"__interval_ms", "__rate_interval_ms", "__range_s", "__range_ms", "__from", "__to"}
)
_TEXTS: Final = frozenset({"__dashboard", "__org", "__user", "__timezone", "__name", "__searchFilter"})
_BUILTINS: Final = _NUMBERS | _TEXTS
# The variables that Grafana defines itself.
BUILT_IN: Final = _BUILTINS | _DURATION_NAMES
# What only links have, `$__all` as the value of a variable in an address among it: DataLinkBuiltInVars of
# Grafana 12 (packages/grafana-data/src/utils/dataLinks.ts) and the macros of scenes
# (packages/scenes/src/variables/macros of grafana/scenes).
_IN_LINKS: Final = frozenset(
    {"__value", "__series", "__field", "__data", "__url", "__url_time_range", "__all_variables", "__all"}
)
# Fields of macros that give nothing for any other: those of `__field` are in macros/templateProxies.ts.
_MACRO_FIELDS: Final = {
    "__field": frozenset({"name", "displayName", "labels", "formattedLabels"}),
    "__data": frozenset({"fields"}),
}
_FIELD: Final = lazy_pattern(r"\w+\.(\w+)", re.ASCII)
# `$filter=` and the like are parameters of the address itself, as OData and Elasticsearch have them.
_PARAMETER: Final = lazy_pattern(r"(?<=[?&])\$\w+(?==)", re.ASCII)
_OPENING: Final = lazy_pattern(r"\$\{[A-Za-z_]\w*", re.ASCII)
# VariableFormatID of Grafana 12 (packages/grafana-schema/src/common/common.gen.ts) and `customqueryparam` of
# scenes.
_FORMATS: Final = frozenset(
    {
        "csv", "customqueryparam", "date", "distributed", "doublequote", "glob", "html", "join", "json",
        "lucene", "percentencode", "pipe", "queryparam", "raw", "regex", "singlequote", "sqlstring", "text",
        "uriencode",
    }
)  # fmt: skip
_MOST_SINGLE_GUESSES: Final = 8
_WORD_BEFORE: Final = lazy_pattern(r"[\w:]*\Z", re.ASCII)
_WORD_AFTER: Final = lazy_pattern(r"[\w:]*", re.ASCII)
_NOT_WORD: Final = lazy_pattern(r"\W", re.ASCII)
_LONGEST_WORD: Final = 200


def substitute(expr: str) -> tuple[str, tuple[str, ...]]:
    """Replace every Grafana variable by something that parses.

    Args:
        expr: a query as the author wrote it.

    Returns:
        The text to parse, of the same length, and the names of the variables, each once and in order, without
        those that Grafana defines itself.
    """
    text, variables = prepare(expr)
    return text, names_of(variables)


def references_of(text: str) -> tuple[str, ...]:
    """The names of the variables in a text of any kind, each once, without those of Grafana itself."""
    return names_of(references(text)) if "$" in text or "[[" in text else ()


def unknown_variable_hint(name: str, variables: Iterable[str]) -> str:
    """A hint for a variable that neither the dashboard nor Grafana defines."""
    close = nearest(name, BUILT_IN) if name.startswith("__") else nearest(name, variables)
    if close.startswith("did you mean"):
        return close.replace("`", "`$", 1)
    if name.startswith("__"):
        return "Grafana fills in `$__rate_interval`, `$__interval`, `$__range` and the like; correct the name"
    return close or "add it under `variables:`"


def reference_faults(text: str) -> list[Fault]:
    """References that Grafana cannot read, and formats that it does not know and takes for `glob`."""
    if "${" not in text:
        return []
    faults = []
    uses = {use.start: use for use in references(text)}
    for opening in _OPENING.finditer(text):
        use = uses.get(opening.start())
        if use is None:
            message = f"`{opening[0]}` is never closed, so that Grafana leaves it as it is"
            faults.append(Fault(message, f"write `{opening[0]}}}`", opening.start()))
        elif use.form and (form := use.form.partition(":")[0]) not in _FORMATS:
            message = f"Grafana has no format `{form}` for variables"
            faults.append(Fault(message, nearest(form, _FORMATS), opening.start()))
    return faults


def link_faults(text: str, variables: Collection[str]) -> list[Fault]:
    """The faults of variables in the address or title of a link that are never replaced.

    Args:
        text: the address or title.
        variables: the dashboard's variables.
    """
    parameters = {match.start() for match in _PARAMETER.finditer(text)}
    faults = reference_faults(text)
    for ref in references(text):
        if ref.name not in variables and ref.start not in parameters:
            fault = _link_fault(ref, text[ref.start : ref.end], variables)
            faults += [fault] if fault is not None else []
    return faults


def _link_fault(ref: Reference, written: str, variables: Collection[str]) -> Fault | None:
    if is_built_in(ref.name) or ref.name in _IN_LINKS:
        field, fields = _FIELD.search(written), _MACRO_FIELDS.get(ref.name)
        if field is None or fields is None or field[1] in fields:
            return None
        return Fault(f"`${{{ref.name}}}` has no `{field[1]}`", nearest(field[1], fields), ref.start)
    if ref.name.startswith("__"):
        names = (*_IN_LINKS, *BUILT_IN)
        hint = nearest(ref.name, names) or "use one such as `${__value.raw}` or `${__field.labels.name}`"
        return Fault(f"Grafana has no variable `${ref.name}` for links: it stays as it is", hint, ref.start)
    hint = unknown_variable_hint(ref.name, variables)
    return Fault(f"there is no variable `${ref.name}`: it stays as it is", hint, ref.start)


def named_variables(expr: str, language: str = "prometheus") -> tuple[str, ...]:
    """The names with a `$` that Grafana would replace in a query, its own included, each once and in order.

    Args:
        expr: the query.
        language: the type of its data source.
    """
    pattern = LOGQL_WORDS if language == "loki" else PROMQL_WORDS
    return tuple(dict.fromkeys(ref.name for ref in without_own(expr, references(expr), pattern)))


def prepare(expr: str) -> tuple[str, list[Reference]]:
    """The text to parse, and the variables with the roles that determine their stand-ins."""
    text = _DURATION.sub(_as_duration, expr) if "__" in expr else expr
    if "$" not in text and "[[" not in text:
        return text, []
    variables = references(expr)
    return fill(expr, variables), variables


def _as_duration(match: re.Match[str]) -> str:
    return "1m".ljust(match.end() - match.start())


def is_built_in(name: str) -> bool:
    """Whether Grafana itself defines the variable of this name."""
    return name in _DURATION_NAMES or name in _BUILTINS or name.startswith(_AUTO_DURATION)


def names_of(references: Iterable[Reference]) -> tuple[str, ...]:
    """The names of referenced variables, without those that Grafana defines itself."""
    return tuple(dict.fromkeys(ref.name for ref in references if not _is_builtin(ref)))


def guesses(expr: str, references: list[Reference]) -> Iterator[str]:
    """Other texts to try when the first one does not parse, the likeliest first.

    Trying every combination would take exponential time, so variables in the same role get the same stand-in.
    """
    values = _indexes_of(references, VariableRole.VALUE, VariableRole.OPERAND)
    texts = _indexes_of(references, VariableRole.TEXT)
    calls = _indexes_of(references, VariableRole.CALL)
    operators = _indexes_of(references, VariableRole.OPERATOR)
    for chosen in (values, texts, values + texts, calls, operators):
        yield fill(expr, references, dict.fromkeys(chosen, 1))
    yield fill(expr, references, dict.fromkeys(calls, 2))
    for index in values[:_MOST_SINGLE_GUESSES]:
        yield fill(expr, references, {index: 1})


def holds_numbers(references: Iterable[Reference]) -> bool:
    """Whether a variable may be a number in a query's arithmetic."""
    return any(
        ref.role in {VariableRole.NUMBER, VariableRole.OPERAND, VariableRole.VALUE}
        or (ref.name in _NUMBERS and ref.role is not VariableRole.TEXT)
        for ref in references
    )


def is_guessed_rate(text: str, references: Iterable[Reference]) -> bool:
    """Whether the text calls `rate` only as the stand-in for a variable that is a function of a range."""
    return any(ref.role is VariableRole.CALL and text.startswith("rate", ref.start) for ref in references)


def originals(expr: str, text: str, references: Iterable[Reference]) -> dict[str, str]:
    """The words of the author by the words of the parsed text that have a stand-in in them."""
    original_words: dict[str, str] = {}
    for ref in references:
        before = _WORD_BEFORE.search(text, max(0, ref.start - _LONGEST_WORD), ref.start)
        after = _WORD_AFTER.match(text, ref.end, ref.end + _LONGEST_WORD)
        start = before.start() if before else ref.start
        end = after.end() if after else ref.end
        original_words[text[start:end]] = expr[start:end]
    return original_words


def _indexes_of(references: list[Reference], *roles: VariableRole) -> list[int]:
    return [index for index, ref in enumerate(references) if ref.role in roles and not _is_builtin(ref)]


def _is_builtin(ref: Reference) -> bool:
    return ref.name in _BUILTINS or _is_duration(ref)


def _is_duration(ref: Reference) -> bool:
    return ref.name in _DURATION_NAMES or ref.name.startswith(_AUTO_DURATION)


def written(expr: str, start: int, end: int) -> str:
    """The author's text for a word of the parsed text, with a variable that ends it as a whole."""
    cut = next(
        (match for match in _DURATION.finditer(expr, start) if match.start() < end < match.end()), None
    )
    return expr[start : cut.end() if cut else end]


def fill(expr: str, references: list[Reference], guess: dict[int, int] | None = None) -> str:
    """Replace every reference by its first stand-in, or by the one whose number `guess` has for its index."""
    parts: list[str] = []
    last = 0
    for index, ref in enumerate(references):
        parts += expr[last : ref.start], _stand_in(expr, ref, guess.get(index, 0) if guess else 0)
        last = ref.end
    parts.append(expr[last:])
    return "".join(parts)


def _stand_in(expr: str, ref: Reference, guess: int) -> str:
    written = expr[ref.start : ref.end]
    if ref.name in _NUMBERS:
        return _number(written)
    if _is_duration(ref):
        return _duration(written)
    stand_ins = _STAND_INS[ref.role]
    return stand_ins[min(guess, len(stand_ins) - 1)](written)


def _word(written: str) -> str:
    return _NOT_WORD.sub("_", written)


def _number(written: str) -> str:
    return "1".rjust(len(written), "0")


def _duration(written: str) -> str:
    return "1m".ljust(len(written))


def _unit(written: str) -> str:
    return "m".ljust(len(written))


def _operator(written: str) -> str:
    return "+".ljust(len(written))


def _comparison(written: str) -> str:
    return "==".ljust(len(written))


def _quoted(written: str) -> str:
    return f'"{_word(written[1:-1])}"'


def _matcher(written: str) -> str:
    """A label matcher, or blanks where it would not fit."""
    # The stand-in may not be longer than the reference: `$a` has no room for a matcher.
    size = len(written)
    return '_="_"'.ljust(size) if size >= 5 else ('_=""' if size == 4 else " " * size)


def _aggregation(written: str) -> str:
    return ("sum" if len(written) >= 3 else "ln").ljust(len(written))


def _range_function(written: str) -> str:
    return ("rate" if len(written) >= 4 else "abs"[: len(written)]).ljust(len(written))


def _ranking(written: str) -> str:
    return ("topk" if len(written) >= 4 else "ln").ljust(len(written))


_STAND_INS: Final[dict[VariableRole, tuple[Callable[[str], str], ...]]] = {
    VariableRole.TEXT: (_word, _number),
    VariableRole.NAME: (_word,),
    VariableRole.VALUE: (_word, _number),
    VariableRole.OPERAND: (_number, _word),
    VariableRole.NUMBER: (_number,),
    VariableRole.RANGE: (_duration,),
    VariableRole.DIGITS: (_number,),
    VariableRole.UNIT: (_unit,),
    VariableRole.CALL: (_aggregation, _range_function, _ranking),
    VariableRole.OPERATOR: (_operator, _comparison),
    VariableRole.MATCHER: (_matcher,),
    VariableRole.QUOTED: (_quoted,),
}
