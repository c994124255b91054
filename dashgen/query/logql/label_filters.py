"""Comparisons of labels in a pipeline, such as `status >= 500 or level="error"`."""

from typing import Final, NoReturn

from dashgen.query.logql.logql import LogQLReader
from dashgen.query.logql.logql_names import STAGES
from dashgen.query.logql.matchers import check_regex
from dashgen.query.logql.nodes import Stage
from dashgen.query.scanning import HAS_VARIABLE, QueryToken, meant, refuse

COMPARING: Final = frozenset({"=", "!=", "==", ">", ">=", "<", "<="})


def label_filters(at: LogQLReader) -> Stage:
    """Take comparisons of labels that are joined by `and`, `or`, commas or nothing."""
    start = at.here.start
    labels = list(_label_filter(at))
    while True:
        if at.take(","):
            labels += _label_filter(at)
        elif at.here.kind == "name" and at.here.word in {"and", "or"} and _continues(at):
            at.next()
            labels += _label_filter(at)
        elif at.here.kind == "name" and at.here.word == "unless":
            refuse("`unless` cannot join comparisons of labels", "write `and` with the opposite", at.here)
        elif _starts_filter(at, 0):
            labels += _label_filter(at)
        else:
            return Stage("label_filter", start, tuple(labels))


def _continues(at: LogQLReader) -> bool:
    """Whether an `and` or `or` joins comparisons of labels, and not two metric queries."""
    return _starts_filter(at, 1) or at.ahead().kind in {"end", "sign", "variable"} or at.ahead(2).text != "("


def _starts_filter(at: LogQLReader, steps: int) -> bool:
    token, after = at.ahead(steps), at.ahead(steps + 1)
    if token.kind == "sign":
        return token.text == "(" and steps == 0
    return (
        token.kind in {"name", "variable"} and after.kind == "sign" and after.text in COMPARING | {"=~", "!~"}
    )


def _label_filter(at: LogQLReader) -> list[str]:
    if opened := at.take("("):
        at.deeper()
        inner = label_filters(at)
        if not at.take(")"):
            if at.here.kind == "end":
                refuse("`(` is never closed", "add the missing `)`", opened)
            at.refuse_unexpected(at.here)
        at.levels -= 1
        return list(inner.labels)
    label = at.here
    if label.kind == "name" and not (at.ahead().kind in {"sign", "variable"} and is_comparison(at.ahead())):
        _refuse_stage(label)
    label = at.label("a stage or the name of a label")
    operator = at.next()
    if operator.kind == "variable":
        at.next()
        return [label.text]
    if not is_comparison(operator):
        refuse(f"the label `{label.text}` is compared with nothing", f'write `{label.text}="value"`', label)
    _label_value(at, label, operator)
    return [label.text]


def is_comparison(token: QueryToken) -> bool:
    """Whether a token is a comparison of a label, or a variable in its place."""
    return token.kind == "variable" or token.text in COMPARING | {"=~", "!~"}


def _refuse_stage(token: QueryToken) -> NoReturn:
    hint = meant(token.word, STAGES)
    refuse(
        f"`{token.text}` is neither a stage nor a label that is compared",
        hint or f'write `{token.text}="value"`, or a stage such as `json`',
        token,
    )


def _label_value(at: LogQLReader, label: QueryToken, operator: QueryToken) -> None:
    # Numbers may have a sign; `ip("…")` compares addresses, and everything else is a string.
    sign = at.take("-", "+") if operator.text in COMPARING else None
    value = at.next()
    if value.kind == "variable":
        return
    if operator.text in {"=", "!=", "=~", "!~"} and value.kind == "string" and not sign:
        check_regex(operator, value, is_open=bool(HAS_VARIABLE.search(value.text)))
    elif operator.text in {"=", "!="} and value.word == "ip" and at.here.text == "(":
        at.index -= 1
        ip(at)
    elif operator.text in {"=~", "!~"}:
        hint = (
            f'write `{operator.text}"{value.text}"`'
            if value.kind in {"name", "number"}
            else "write it in quotes"
        )
        refuse(f"`{operator.text}` needs a regular expression in quotes", hint, value)
    elif value.kind == "string":
        hint = (
            f"write `{label.text} = {value.text}`"
            if operator.text == "=="
            else "write a number without quotes"
        )
        refuse(f"`{operator.text}` compares numbers, and `{value.text}` is a text", hint, value)
    elif value.kind == "name":
        hint = f'write `{operator.text} "{value.text}"`'
        refuse("the value of a label has to be in quotes, or a number", hint, value)
    elif value.kind == "odd":
        refuse(
            f"`{value.text}` is neither a number, a duration nor a size",
            "write `10`, `200ms` or `10KB`",
            value,
        )
    elif value.kind not in {"number", "duration", "bytes"}:
        refuse(f"the label `{label.text}` is compared with nothing", f'write `{label.text}="value"`', label)


def ip(at: LogQLReader) -> None:
    """Take `ip("…")`."""
    name = at.next()
    at.open(name)
    at.text("`ip` needs an address or a range in quotes")
    if not at.take(")"):
        refuse("`ip` takes one text", 'write `ip("10.0.0.0/8")`', at.here)
