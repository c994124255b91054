"""Parse the stages of a log query: filters of lines and labels, parsers, and formatters."""

import re
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.logql.label_filters import COMPARING, ip, label_filters
from dashgen.query.logql.logql import LogQLReader
from dashgen.query.logql.logql_names import CONVERSIONS, FLAGS, RANGE_FUNCTIONS, STAGES, VECTOR_FUNCTIONS
from dashgen.query.logql.matchers import check_regex, matcher
from dashgen.query.logql.nodes import Expression, LogQuery, Selector, Stage
from dashgen.query.logql.stage_texts import check_json_path, check_logfmt_key, check_template_text
from dashgen.query.query_texts import group_names, regex_problem, unquoted
from dashgen.query.scanning import HAS_VARIABLE, QueryToken, meant, refuse, shown

_FILTERS: Final = frozenset({"|=", "|~", "|>", "!=", "!~", "!>"})
_CAPTURE: Final = lazy_pattern(r"<([A-Za-z_]\w*)>", re.ASCII)
_FILTER_HINT: Final = 'write it in quotes, as in `|= "text"`'


def pipeline(at: LogQLReader, selector: Selector | None) -> tuple[Stage, ...]:
    """Take all stages after a selector; ``selector`` is None when a variable takes its place."""
    stages: list[Stage] = []
    while True:
        token = at.here
        if token.kind == "variable" and (selector is not None or stages) and _is_stage(at):
            at.next()
            stages.append(Stage("variable", token.start))
        elif token.kind == "sign" and token.text in _FILTERS and _filters(at, selector, stages):
            stages.append(_line_filter(at))
        elif token.kind == "sign" and token.text == "|":
            at.next()
            stages += _stage(at, token)
        else:
            return tuple(stages)


def _is_stage(at: LogQLReader) -> bool:
    """Whether a variable between stages is itself a stage, and not an operator before an operand."""
    after = at.ahead()
    return after.kind in {"end", "range", "variable"} or after.text in {"|", ")", ",", *_FILTERS}


def _filters(at: LogQLReader, selector: Selector | None, stages: list[Stage]) -> bool:
    """Whether `!=` filters lines; after a variable, which may be a metric query, it may be a comparison."""
    if selector is not None or stages or at.here.text != "!=":
        return True
    return at.ahead().kind == "string"


def _line_filter(at: LogQLReader) -> Stage:
    operator = at.next()
    _line_text(at, operator)
    while at.take_word("or"):
        if at.here.kind == "sign" and at.here.text in _FILTERS:
            hint = f'write only the text, as in `{operator.text} "a" or "b"`'
            refuse(f"`{at.here.text}` cannot follow `or`", hint, at.here)
        _line_text(at, operator)
    return Stage("filter", operator.start)


def _line_text(at: LogQLReader, operator: QueryToken) -> None:
    token = at.here
    if token.kind == "name" and token.word == "ip" and at.ahead().text == "(":
        ip(at)
        return
    if token.kind not in {"string", "variable"}:
        if token.kind in {"name", "number", "odd", "duration", "bytes"}:
            hint = f'write `{operator.text} "{token.text}"`'
            refuse(f"the text after `{operator.text}` has to be in quotes", hint, token)
        refuse(f"`{operator.text}` has no text after it", _FILTER_HINT, operator)
    at.next()
    is_open = token.kind == "variable" or bool(HAS_VARIABLE.search(token.text))
    check_regex(operator, token, is_open=is_open)


def _stage(at: LogQLReader, pipe: QueryToken) -> list[Stage]:
    token = at.here
    if token.kind == "variable" and at.ahead().text not in COMPARING | {"=~", "!~"}:
        at.next()
        return [Stage("variable", token.start)]
    if token.kind == "name" and token.word in STAGES:
        at.next()
        return [_named_stage(at, token)]
    if token.kind == "end":
        refuse("`|` has no stage after it", "write one, such as `| json`, or remove it", pipe)
    if token.kind == "string":
        refuse("`|` is followed by a text", f"write `|= {token.text}` to filter lines", token)
    if token.kind == "name" and token.word in RANGE_FUNCTIONS | VECTOR_FUNCTIONS and at.ahead().text == "(":
        hint = f"write it around the query: `{token.word}({{…}} …)`"
        refuse(f"`{token.text}` is a function and cannot be a stage", hint, token)
    return [label_filters(at)]


def _named_stage(at: LogQLReader, name: QueryToken) -> Stage:
    word = name.word
    labels: tuple[str, ...] = ()
    if word in {"json", "logfmt"}:
        labels = _extractions(at, name)
    elif word in {"regexp", "pattern", "line_format"}:
        text = _stage_text(at, name)
        if word == "line_format":
            check_template_text(text)
        labels = _captured(word, text)
    elif word == "label_format":
        labels = _label_formats(at)
    elif word in {"drop", "keep"}:
        labels = _label_list(at)
    elif word == "unwrap":
        return _unwrap(at, name)
    return Stage(word, name.start, labels)


def _stage_text(at: LogQLReader, name: QueryToken) -> QueryToken:
    if at.here.kind in {"string", "variable"}:
        return at.next()
    example = {"regexp": "`(?P<level>\\w+)`", "pattern": "`<level> <message>`"}.get(
        name.word, '"{{.message}}"'
    )
    return refuse(f"`{name.text}` needs a text in quotes", f"write one, such as {example}", name)


def _captured(word: str, text: QueryToken) -> tuple[str, ...]:
    """The labels that `regexp` or `pattern` extracts (pkg/logql/log: parser.go, pattern/ast.go, Loki 3.7)."""
    if text.kind != "string" or HAS_VARIABLE.search(text.text) or word == "line_format":
        return ()
    value = unquoted(text.text)
    if word == "regexp":
        if problem := regex_problem(value):
            refuse(
                f"`{value}` is not a regular expression: {problem}", "check its brackets and escapes", text
            )
        names = group_names(value)
        if not names:
            refuse("`regexp` needs at least one named group", "write one, such as `(?P<level>[a-z]+)`", text)
        return tuple(sorted(names))
    captures = [match[1] for match in _CAPTURE.finditer(value)]
    named = [name for name in captures if name != "_"]
    if not named:
        refuse("`pattern` needs at least one capture with a name", "write one, such as `<level>`", text)
    # Without text between two captures, Loki could not know where the first one ends.
    if re.search(r"<[A-Za-z_]\w*><[A-Za-z_]\w*>", value, re.ASCII):
        refuse("two captures of the pattern are side by side", "write the text between them", text)
    if len(named) != len(set(named)):
        refuse("two captures of the pattern have one name", "rename one, or write `<_>`", text)
    return tuple(named)


def _extractions(at: LogQLReader, name: QueryToken) -> tuple[str, ...]:
    """Take the arguments of `json` and `logfmt`, and return the labels that they extract."""
    while at.here.kind == "flag":
        flag = at.next()
        if flag.text not in FLAGS or name.word != "logfmt":
            hint = "use `--strict` or `--keep-empty`" if name.word == "logfmt" else "remove it"
            refuse(f"`{name.text}` has no flag `{flag.text}`", hint, flag)
    labels: list[str] = []
    while at.here.kind in {"name", "variable"}:
        # These continue the metric query around the pipeline, and are no labels.
        if at.here.kind == "name" and at.here.word in {"and", "or", "unless", "offset", "by", "without"}:
            break
        label = at.label("the name of a label")
        labels.append(label.text)
        if at.take("="):
            text = at.text(f"what `{label.text}` is taken from has to be in quotes")
            check_json_path(text) if name.word == "json" else check_logfmt_key(text)
        elif at.here.kind == "sign" and at.here.text in COMPARING | {"=~", "!~"}:
            hint = f"write `| {label.text} {at.here.text} …` as a stage of its own"
            refuse(f"`{name.text}` cannot compare labels", hint, at.here)
        if not at.take(","):
            break
        if at.here.kind not in {"name", "variable"}:
            refuse("a comma has nothing after it", "remove it", at.tokens[at.index - 1])
    return tuple(labels)


def _label_formats(at: LogQLReader) -> tuple[str, ...]:
    labels: list[str] = []
    while True:
        label = at.label("the name of a label")
        if label.text in labels:
            refuse(f"`label_format` writes `{label.text}` twice", "write it in a stage of its own", label)
        if label.text == "__error__":
            refuse("`label_format` cannot write `__error__`", "remove it, or use `| drop __error__`", label)
        labels.append(label.text)
        if label.kind == "variable" and at.here.text not in {"=", "=="}:
            return tuple(labels)  # the variable may be all assignments
        if not at.take("="):
            refuse(f"`label_format` gives `{label.text}` no value", f"write `{label.text}=other`", label)
        if at.here.kind in {"string", "variable"}:
            check_template_text(at.next())
        elif at.here.kind == "name":
            at.label("the name of a label")
        else:
            refuse(
                f"`label_format` gives `{label.text}` no value",
                "write a label, or a template in quotes",
                at.here,
            )
        if not at.take(","):
            return tuple(labels)


def _label_list(at: LogQLReader) -> tuple[str, ...]:
    labels: list[str] = []
    while True:
        if (
            at.ahead().kind == "sign"
            and at.ahead().text in {"=", "!=", "=~", "!~"}
            and at.here.kind == "name"
        ):
            labels.append(matcher(at, "the name of a label").label)
        else:
            labels.append(at.label("the name of a label").text)
        if not at.take(","):
            return tuple(labels)


def _unwrap(at: LogQLReader, name: QueryToken) -> Stage:
    if at.here.kind == "name" and at.ahead().text == "(":
        conversion = at.next()
        if conversion.word not in CONVERSIONS:
            hint = meant(conversion.word, CONVERSIONS) or "use `duration`, `duration_seconds` or `bytes`"
            refuse(f"`unwrap` has no conversion `{conversion.text}`", hint, conversion)
        at.next()
        label = at.label("the name of a label")
        if not at.take(")"):
            refuse(
                f"`{conversion.text}` takes one label", f"write `{conversion.text}({label.text})`", at.here
            )
    else:
        if at.here.kind in {"end", "range"} or at.here.text == ")":
            refuse("`unwrap` names no label", "write the label that has the number", name)
        label = at.label("the name of a label")
    return Stage("unwrap", name.start, (label.text,), is_unwrap=True)


def refuse_late_selector(at: LogQLReader, inner: Expression) -> None:
    """Refuse stages after the parentheses around a log query."""
    if isinstance(inner, LogQuery) and at.here.kind == "sign" and at.here.text in {"|", "|=", "|~", "|>"}:
        hint = "write the stages inside, or remove the parentheses"
        refuse(f"`{at.here.text}` cannot follow the parentheses around a log query", hint, at.here)
    if isinstance(inner, LogQuery) and at.here.kind == "range":
        refuse(f"{shown(at.here)} is outside of a function", "write `count_over_time(…)` around it", at.here)
