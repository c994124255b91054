"""Parse the stages of a log query: filters of lines and labels, parsers, and formatters."""

from collections.abc import Callable
from typing import Final, NoReturn

from dashgen.query.logql.label_filters import COMPARISONS, address, label_filter
from dashgen.query.logql.logql_names import (
    CONVERSIONS,
    FLAGS,
    LABEL_OPERATORS,
    LINE_FILTERS,
    PATTERN_FILTERS,
    RANGE_FUNCTIONS,
    REGEX_OPERATORS,
    STAGES,
    VECTOR_FUNCTIONS,
)
from dashgen.query.logql.logql_tokens import LogQLReader
from dashgen.query.logql.logql_wording import is_word, refuse_label, refuse_text
from dashgen.query.logql.matchers import check_regex, matcher, text_value
from dashgen.query.logql.nodes import (
    Decolorize,
    DropLabels,
    Extraction,
    JsonParser,
    KeepLabels,
    LabelAssignment,
    LabelChoice,
    LabelComparison,
    LabelFilter,
    LabelFormat,
    LineFilter,
    LineFormat,
    LineText,
    LogfmtParser,
    PatternParser,
    QueryText,
    RegexpParser,
    Stage,
    Unpack,
    Unwrap,
    VariableStage,
)
from dashgen.query.logql.stage_texts import (
    check_address,
    check_json_path,
    check_line_pattern,
    check_logfmt_key,
    check_template_text,
    pattern_labels,
    regexp_labels,
)
from dashgen.query.scanning import QueryToken, meant, refuse

_FILTER_HINT: Final = 'write it in quotes, as in `|= "text"`'
_EXAMPLES: Final = {"regexp": "`(?P<level>\\w+)`", "pattern": "`<level> <message>`"}


def pipeline(at: LogQLReader, *, is_open: bool = False) -> list[Stage]:
    """Take all stages after a selector.

    Args:
        at: the reader, after the selector.
        is_open: whether a variable takes the place of the selector, so that an operator may follow as well.
    """
    stages: list[Stage] = []
    while True:
        kind = at.kinds[at.index]
        if kind == "|":
            at.index += 1
            stages.append(_checked(_stage(at)))
        elif is_open and not stages and not _filters(at):
            return stages
        elif kind in LINE_FILTERS:
            stages.append(_line_filter(at))
        elif kind == "variable" and _is_stage(at):
            stages.append(_variable_stage(at))
        else:
            return stages
        if type(stages[-1]) is Unwrap:
            _filters_after_unwrap(at, stages)
            return stages


def _checked(stage: Stage) -> Stage:
    # Loki checks an address only in a condition that is alone, and not behind `unwrap`.
    if type(stage) is LabelFilter:
        condition = stage.condition
        if type(condition) is LabelComparison and condition.kind == "ip" and not condition.is_open:
            check_address(condition.value, condition.value_start)
    return stage


def _filters_after_unwrap(at: LogQLReader, stages: list[Stage]) -> None:
    """Take the stages after an ``unwrap``, which can only compare labels (unwrapExpr in syntax.y)."""
    while True:
        kind = at.kinds[at.index]
        if kind == "variable" and _is_stage(at):
            stages.append(_variable_stage(at))
            continue
        if kind in LINE_FILTERS:
            refuse("lines cannot be filtered behind `unwrap`", "write the filter before `unwrap`", at.token())
        if kind != "|":
            return
        at.index += 1
        stage = at.token()
        if stage.kind in STAGES:
            message = f"`{stage.text}` cannot follow `unwrap`, behind which only labels are compared"
            refuse(message, "write it before `unwrap`", stage)
        stages.append(_stage(at))


def _filters(at: LogQLReader) -> bool:
    """Whether lines are filtered after a variable: `!=` may compare metric queries."""
    kind = at.kinds[at.index]
    return kind in LINE_FILTERS and (kind != "!=" or at.kinds[at.index + 1] == "string")


def _variable_stage(at: LogQLReader) -> VariableStage:
    at.index += 1
    return VariableStage(at.starts[at.index - 1], at.last_end())


def _is_stage(at: LogQLReader) -> bool:
    """Whether a variable between stages is itself a stage, and not an operator before an operand."""
    after = at.kinds[at.index + 1]
    return after in {"end", "range", "variable", "|", ")", ","} or after in LINE_FILTERS


def _line_filter(at: LogQLReader) -> LineFilter:
    operator = at.next()
    sign = operator.kind
    if sign in PATTERN_FILTERS:
        at.require(sign)
    texts = [_line_text(at, operator)]
    while at.take("or"):
        at.require("or")
        if at.kinds[at.index] in LINE_FILTERS:
            hint = f'write only the text, as in `{sign} "a" or "b"`'
            refuse(f"`{at.texts[at.index]}` cannot follow `or`", hint, at.token())
        texts.append(_line_text(at, operator))
    # In a chain of `or`, Loki 3.7 looks for the text of `ip("…")` itself (newOrFilter in syntax/ast.go).
    is_plain = len(texts) > 1 and sign[0] == "|"
    for text in texts:
        if not text.is_open:
            _check_line_text(sign, text, is_address=text.is_ip and not is_plain)
    return LineFilter(operator.start, at.last_end(), sign, tuple(texts))


def _line_text(at: LogQLReader, operator: QueryToken) -> LineText:
    start, kind = at.starts[at.index], at.kinds[at.index]
    is_ip = kind == "call" and at.texts[at.index].lower() == "ip"
    if is_ip:
        text = address(at)
    elif kind in {"string", "variable"}:
        text = text_value(at)
    else:
        _refuse_line_text(at, operator)
    return LineText(start, at.last_end(), text.value, is_ip, text.is_open)


def _check_line_text(operator: str, text: LineText, *, is_address: bool) -> None:
    if is_address:
        if operator not in {"|=", "!="}:
            token = QueryToken("", "", text.start)
            refuse(f"`ip` cannot follow `{operator}`", "write `|= ip(…)` or `!= ip(…)`", token)
        check_address(text.value, text.start)
    elif operator in REGEX_OPERATORS:
        check_regex(text)
    elif operator in PATTERN_FILTERS:
        check_line_pattern(text)


def _refuse_line_text(at: LogQLReader, operator: QueryToken) -> NoReturn:
    token = at.token()
    if is_word(token) or token.kind in {"number", "odd", "duration", "bytes"}:
        hint = f'write `{operator.text} "{token.text}"`'
        refuse(f"the text after `{operator.text}` has to be in quotes", hint, token)
    refuse(f"`{operator.text}` has no text after it", _FILTER_HINT, operator)


def _stage(at: LogQLReader) -> Stage:
    kind = at.kinds[at.index]
    take = _STAGES.get(kind)
    if take is not None:
        at.index += 1
        return take(at, at.starts[at.index - 2])
    if kind == "variable" and at.kinds[at.index + 1] not in COMPARISONS:
        at.index += 1
        return VariableStage(at.starts[at.index - 2], at.last_end())
    if kind not in {"name", "("}:
        _refuse_stage(at)
    return label_filter(at)


def _refuse_stage(at: LogQLReader) -> None:
    """Refuse what can start no stage; other tokens pass."""
    token, pipe = at.token(), at.token(-1)
    if token.kind == "|" and token.start == pipe.end:
        refuse("LogQL has no `||`", "write `or`", pipe)
    if token.kind == "end":
        refuse("`|` has no stage after it", "write one, such as `| json`, or remove it", at.token(-1))
    if token.kind == "string":
        refuse("`|` is followed by a text", f"write `|= {token.text}` to filter lines", token)
    if token.word in RANGE_FUNCTIONS | VECTOR_FUNCTIONS:
        hint = f"write it around the query: `{token.word}({{…}} …)`"
        refuse(f"`{token.text}` is a function and cannot be a stage", hint, token)


# Parsers


def _json(at: LogQLReader, start: int) -> JsonParser:
    extractions = _extractions(at, "json")
    return JsonParser(start, at.last_end(), extractions)


def _logfmt(at: LogQLReader, start: int) -> LogfmtParser:
    flags: list[str] = []
    while at.kinds[at.index] == "flag":
        flag = at.next()
        if flag.text not in FLAGS:
            refuse(f"`logfmt` has no flag `{flag.text}`", "use `--strict` or `--keep-empty`", flag)
        at.require(flag.text)
        flags.append(flag.text)
    extractions = _extractions(at, "logfmt")
    return LogfmtParser(start, at.last_end(), tuple(flags), extractions)


def _extractions(at: LogQLReader, stage: str) -> tuple[Extraction, ...]:
    """Take the labels that ``json`` or ``logfmt`` extracts."""
    if at.kinds[at.index] == "flag":
        refuse(f"`{stage}` has no flag `{at.texts[at.index]}`", "remove it", at.token())
    if at.kinds[at.index] not in {"name", "variable"}:
        return ()
    extractions = [_extraction(at, stage)]
    while at.take(","):
        if at.kinds[at.index] not in {"name", "variable"}:
            if at.kinds[at.index] in {"end", "|", ")", "range"}:
                refuse("a comma has nothing after it", "remove it", at.token(-1))
            refuse_label(at, "the name of a label")
        extractions.append(_extraction(at, stage))
    return tuple(extractions)


def _extraction(at: LogQLReader, stage: str) -> Extraction:
    label = at.next()
    if at.take("="):
        if at.kinds[at.index] not in {"string", "variable"}:
            refuse_text(at, f"what `{label.text}` is taken from has to be in quotes")
        text = text_value(at)
        if not text.is_open:
            check_json_path(at.token(-1)) if stage == "json" else check_logfmt_key(at.token(-1))
        return Extraction(label.start, text.end, label.text, text)
    operator = at.kinds[at.index]
    if operator in COMPARISONS and not (
        operator in LINE_FILTERS and at.kinds[at.index + 1] in {"string", "call"}
    ):
        hint = f"write `| {label.text} {operator} …` as a stage of its own"
        refuse(f"`{stage}` cannot compare labels", hint, at.token())
    if label.kind == "name" and not label.text.isascii():
        # Without an expression, the name itself is read as one.
        message = f"`{label.text}` is not possible as a field without quotes"
        refuse(message, f'write it with a name of ASCII letters, as in `name="{label.text}"`', label)
    return Extraction(label.start, label.end, label.text)


def _stage_text(at: LogQLReader) -> QueryText:
    if at.kinds[at.index] not in {"string", "variable"}:
        name = at.token(-1)
        example = _EXAMPLES.get(name.word, '"{{.message}}"')
        refuse(f"`{name.text}` needs a text in quotes", f"write one, such as {example}", name)
    return text_value(at)


def _regexp(at: LogQLReader, start: int) -> RegexpParser:
    text = _stage_text(at)
    labels = () if text.is_open else regexp_labels(at.token(-1))
    return RegexpParser(start, text.end, text, labels)


def _pattern(at: LogQLReader, start: int) -> PatternParser:
    text = _stage_text(at)
    labels = () if text.is_open else pattern_labels(at.token(-1))
    return PatternParser(start, text.end, text, labels)


def _unpack(at: LogQLReader, start: int) -> Unpack:
    return Unpack(start, at.last_end())


def _decolorize(at: LogQLReader, start: int) -> Decolorize:
    at.require("decolorize")
    return Decolorize(start, at.last_end())


# Formatters


def _line_format(at: LogQLReader, start: int) -> LineFormat:
    text = _stage_text(at)
    at.remarks += check_template_text(at.token(-1))
    return LineFormat(start, text.end, text)


def _label_format(at: LogQLReader, start: int) -> LabelFormat:
    formats: list[LabelAssignment] = []
    names: set[str] = set()
    while True:
        assignment = _assignment(at)
        if assignment.label in names:
            message = f"`label_format` writes `{assignment.label}` twice"
            refuse(message, "write it in a stage of its own", QueryToken("", "", assignment.start))
        names.add(assignment.label)
        formats.append(assignment)
        if not at.take(","):
            return LabelFormat(start, at.last_end(), tuple(formats))


def _assignment(at: LogQLReader) -> LabelAssignment:
    if at.kinds[at.index] not in {"name", "variable"}:
        refuse_label(at, "the name of a label")
    label = at.next()
    if label.text == "__error__":
        refuse("`label_format` cannot write `__error__`", "remove it, or use `| drop __error__`", label)
    if label.kind == "variable" and at.kinds[at.index] not in {"=", "=="}:
        return LabelAssignment(label.start, label.end, label.text)  # it may be all assignments
    if not at.take("="):
        refuse(f"`label_format` gives `{label.text}` no value", f"write `{label.text}=other`", label)
    value = at.token()
    if value.kind in {"string", "variable"}:
        text = text_value(at)
        at.remarks += check_template_text(value)
        return LabelAssignment(label.start, text.end, label.text, "", text)
    if value.kind != "name":
        if is_word(value):
            refuse_label(at, "the name of a label")
        message = f"`label_format` gives `{label.text}` no value"
        refuse(message, "write a label, or a template in quotes", value)
    at.index += 1
    return LabelAssignment(label.start, value.end, label.text, value.text)


def _drop(at: LogQLReader, start: int) -> DropLabels:
    at.require("drop")
    choices = _choices(at)
    return DropLabels(start, at.last_end(), choices)


def _keep(at: LogQLReader, start: int) -> KeepLabels:
    at.require("keep")
    choices = _choices(at)
    return KeepLabels(start, at.last_end(), choices)


def _choices(at: LogQLReader) -> tuple[LabelChoice, ...]:
    choices: list[LabelChoice] = []
    while True:
        label = at.token()
        if label.kind not in {"name", "variable"}:
            refuse_label(at, "the name of a label")
        operator, value = at.kinds[at.index + 1], at.kinds[at.index + 2]
        if operator in LABEL_OPERATORS:
            # `| drop a != "x"` compares: yacc shifts, so a line filter cannot follow a name without a stage
            # between.
            condition = matcher(at)
            choices.append(LabelChoice(label.start, condition.end, label.text, condition))
        elif operator in COMPARISONS and value in {"number", "duration", "bytes", "string"}:
            hint = "compare it in a stage before, or with a text in quotes"
            refuse(f"labels to drop or keep cannot be compared by `{operator}`", hint, at.token(1))
        else:
            at.index += 1
            choices.append(LabelChoice(label.start, label.end, label.text))
        if not at.take(","):
            return tuple(choices)


def _unwrap(at: LogQLReader, start: int) -> Unwrap:
    name, token, after = at.token(-1), at.token(), at.kinds[at.index + 1]
    conversion = ""
    if after == "(" and (token.kind == "call" or is_word(token)):
        if token.word not in CONVERSIONS:
            hint = meant(token.word, CONVERSIONS) or "use `duration`, `duration_seconds` or `bytes`"
            refuse(f"`unwrap` has no conversion `{token.text}`", hint, token)
        conversion = token.word
        at.index += 2
    elif token.kind in {"end", "range", ")", "|"}:
        refuse("`unwrap` names no label", "write the label that has the number", name)
    if at.kinds[at.index] not in {"name", "variable"}:
        refuse_label(at, "the name of a label")
    label = at.next()
    if conversion and not at.take(")"):
        refuse(f"`{token.text}` takes one label", f"write `{token.text}({label.text})`", at.token())
    return Unwrap(start, at.last_end(), label.text, name.start, conversion)


_STAGES: Final[dict[str, Callable[[LogQLReader, int], Stage]]] = {
    "json": _json,
    "logfmt": _logfmt,
    "unpack": _unpack,
    "regexp": _regexp,
    "pattern": _pattern,
    "line_format": _line_format,
    "label_format": _label_format,
    "decolorize": _decolorize,
    "drop": _drop,
    "keep": _keep,
    "unwrap": _unwrap,
}
