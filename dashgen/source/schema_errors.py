"""What a JSON Schema found wrong, in the words of the person who wrote the file."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from dashgen.core.diagnostics import nearest
from dashgen.core.json_values import Json, is_numeric
from dashgen.source.other_words import key_hint, object_hint, snake, value_hint
from dashgen.source.source import Path

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, ValidationError

# Keys that resolving applies and takes out before a value meets its schema.
_TAKEN_OUT = ("type", "use", "with", "for_each", "when_env", "overlays")
_MISPLACED = {"with": "give it beside `use: …`", "use": "components are used on items of lists"}
TYPE_NAMES = {
    "string": "text", "number": "a number", "integer": "a whole number", "boolean": "true or false",
    "object": "a mapping", "array": "a list", "null": "nothing",
}  # fmt: skip


_LIMITS = {
    "minimum": ", at least {}", "maximum": ", at most {}", "exclusiveMinimum": " above {}",
    "exclusiveMaximum": " below {}", "maxLength": " of at most {} characters",
    "minItems": " with at least {} items", "maxItems": " with at most {} items",
}  # fmt: skip
_MOST = 60
_MOST_KEYS = 50
_FORMS = (
    ("a mapping", "write `key: value` lines, indented below the key"),
    ("a list", "write items that start with `- `, or `[a, b]`"),
)
_QUOTE_IT = "quote it if text is meant:"


class Problem(Struct, frozen=True):
    """Something wrong at a path; with ``on_key`` the key itself is meant, not its value.

    ``quoted`` is how message and hint quote a value that may have been written otherwise, such as 1.1 for
    ``1.10``.
    """

    rule: str
    path: Path
    message: str
    hint: str = ""
    on_key: bool = False
    quoted: str = ""

    def with_written(self, text: str) -> "Problem":
        """The same with the value as it was written."""
        if not self.quoted or text == self.quoted:
            return self
        message = self.message.replace(f"`{self.quoted}`", f"`{text}`")
        return replace(self, message=message, hint=self.hint.replace(f"'{self.quoted}'", f"'{text}'"))


def schema_problems(
    schema: Json, data: object, synonyms: Mapping[str, str] | None = None
) -> Iterator[Problem]:
    """Everything that keeps ``data`` from fitting ``schema``.

    Args:
        schema: the JSON Schema of a model.
        data: what was written.
        synonyms: other names of keys at the top, such as those of Grafana's options.
    """
    for error in _validator(schema).iter_errors(data):
        for problem in _translate(error, schema):
            at_top = problem.on_key and len(problem.path) == 1
            key = (synonyms or {}).get(str(problem.path[-1])) if at_top else None
            yield replace(problem, hint=f"write `{key}:`") if key else problem


def missing_key(error: "ValidationError") -> str:
    """The key that a ``required`` error is about: jsonschema reports each alone, first in its message."""
    names: Any = error.validator_value
    return next(str(name) for name in names if error.message.startswith(repr(name)))


def choices_of(error: "ValidationError") -> list[str]:
    """The values that an ``enum`` or ``const`` allows, as texts."""
    allowed: Any = error.validator_value
    return [str(choice) for choice in (allowed if error.validator == "enum" else [allowed])]


_validators: "dict[int, tuple[Json, Draft202012Validator]]" = {}


def _validator(schema: Json) -> "Draft202012Validator":
    """The validator of a schema, kept as long as the program runs, as the schemas of models are.

    A model's schema is a mere ``$ref`` to one of its own definitions. jsonschema resolves such a reference
    anew for each value, which costs more than checking a small one, so the definition is put in its place.
    """
    # Imported for wrong specs only: right ones never pay for it.
    from jsonschema import Draft202012Validator

    if id(schema) not in _validators:
        target = schema.get("$ref", "").removeprefix("#/$defs/")
        whole = {**schema["$defs"][target], "$defs": schema["$defs"]} if target else schema
        # The schema is kept beside its validator, so that its id stays its own.
        _validators[id(schema)] = schema, Draft202012Validator(whole)
    return _validators[id(schema)][1]


def _translate(error: Any, root: Json) -> Iterator[Problem]:
    path: Path = tuple(error.absolute_path)
    kind, schema, value = str(error.validator), error.schema, error.instance
    expected = error.validator_value
    if kind in ("anyOf", "oneOf"):
        yield from _alternatives(error, root)
    elif kind == "additionalProperties":
        properties = schema.get("properties", {})
        # A misspelt key that resolving knows is still here, at the top.
        meant = [*properties, *(_TAKEN_OUT if not path else ())]
        title = str(schema.get("title", ""))
        for key in islice((key for key in value if key not in properties), _MOST_KEYS):
            hint = _MISPLACED.get(key) or key_hint(key, title, properties) or nearest(key, meant)
            if not hint:
                part = snake(title).replace("_", "-")
                hint = f"remove it; `dashgen schema {part}` lists what is possible" if part else "remove it"
            yield Problem("spec/unknown-key", (*path, key), f"unknown key `{key}`", hint, on_key=True)
    elif kind == "required":
        missing = missing_key(error)
        yield Problem("spec/missing-key", path, f"`{missing}` is missing", f"add `{missing}:`")
    elif kind == "type":
        yield _wrong_type(path, schema, value, root)
    elif kind in ("enum", "const"):
        yield _impossible(path, value, choices_of(error))
    else:
        # A title names the whole form, with its limits.
        limit = "" if "title" in schema else _LIMITS.get(kind, "").format(expected)
        expected = f"{_expected(schema, root)}{limit}"
        yield Problem("spec/value", path, f"expected {expected}, got {_got(value)}", _examples(schema))


def _alternatives(error: Any, root: Json) -> Iterator[Problem]:
    """Explain the alternative that the author most likely meant: the one of the value's own type."""
    branches: dict[Any, list[Any]] = {}
    for inner in error.context or []:
        branches.setdefault(inner.schema_path[0], []).append(inner)
    path: Path = tuple(error.absolute_path)
    if isinstance(error.instance, dict) and object_hint(error.instance):
        # Grafana's own object, whatever mapping the language has in its place.
        yield _wrong_type(path, error.schema, error.instance, root)
        return
    fitting = [
        errors
        for errors in branches.values()
        if not any(_is_of_another_type(inner) and len(inner.absolute_path) == len(path) for inner in errors)
    ]
    numeric = any(option.get("type") in ("integer", "number") for option in error.validator_value)
    if numeric and fitting and all(inner.validator == "enum" for errors in fitting for inner in errors):
        # A word where a number may be too is more often a number written wrong than another choice.
        yield _wrong_type(path, error.schema, error.instance, root)
        return
    if len(fitting) == 1:
        for inner in fitting[0]:
            yield from _translate(inner, root)
        return
    choices = [
        choice
        for errors in fitting
        for inner in errors
        if inner.validator == "enum"
        for choice in choices_of(inner)
    ]
    if choices and any(option.get("type") == "boolean" for option in error.validator_value):
        choices += ["true", "false"]
    if choices:
        yield _impossible(path, error.instance, choices)
    else:
        yield _wrong_type(path, error.schema, error.instance, root)


def _impossible(path: Path, value: object, choices: list[str]) -> Problem:
    hint = value_hint(str(value), choices) or nearest(str(value), choices)
    return Problem("spec/value", path, f"`{_shown(value)}` is not possible here", hint)


def _is_of_another_type(error: Any) -> bool:
    """Whether a value is not even of the type of what it should be: a number is no choice among words."""
    if error.validator == "enum":
        return not any(isinstance(error.instance, type(choice)) for choice in error.validator_value)
    return bool(error.validator == "type")


def _wrong_type(path: Path, schema: Json, value: object, root: Json) -> Problem:
    """The problem of a value of another type; YAML's traps (`yes`, `1.10`, quotes) have their own hints."""
    expected = _expected(schema, root)
    hint = _examples(schema)
    if "text" in expected and isinstance(value, int | float | bool):
        hint = f"{_QUOTE_IT} '{_shown(value)}'"
    elif "true or false" in expected and value in ("true", "false"):
        return Problem("spec/type", path, f"expected {expected}, got the text `{value}`", "remove the quotes")
    elif "true or false" in expected and str(value).lower() in ("yes", "on", "y", "no", "off", "n"):
        hint = f"write `{'true' if str(value).lower() in ('yes', 'on', 'y') else 'false'}`"
    elif isinstance(value, str) and is_numeric(value) and "number" in expected:
        message = f"expected {expected}, got the text `{_shown(value)}`"
        return Problem("spec/type", path, message, "remove the quotes")
    elif value is None:
        hint = "write a value, or remove the key"
    elif isinstance(value, dict):
        hint = (
            object_hint(value)
            or hint
            or next((text for word, text in _FORMS if word in expected), "correct the value")
        )
    elif not hint:
        hint = next((text for word, text in _FORMS if word in expected), "correct the value")
    quoted = _shown(value) if isinstance(value, int | float) else ""
    return Problem("spec/type", path, f"expected {expected}, got {_got(value)}", hint, quoted=quoted)


def _expected(schema: Json, root: Json) -> str:
    """What a schema takes, such as ``text or a list``."""
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
        return "a mapping" if schema.get("type") == "object" else _expected(schema, root)
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        names = [_expected(option, root) for option in options if option.get("type") != "null"]
        either = dict.fromkeys(names)
        if "a number" in either:
            either.pop("a whole number", None)
        return " or ".join(either)
    if "enum" in schema:
        return "one of " + ", ".join(f"`{choice}`" for choice in schema["enum"][:12])
    kind = schema.get("type")
    if "title" in schema and kind != "object":
        return str(schema["title"])
    if isinstance(kind, list):
        return " or ".join(TYPE_NAMES[name] for name in kind)
    return TYPE_NAMES.get(str(kind), "something else")


def _got(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value == "":
        return "empty text"
    return f"`{_shown(value)}`"


def _shown(value: object) -> str:
    text = _yaml(value)
    return text if len(text) <= _MOST else text[: _MOST - 3] + "…"


def _yaml(value: object) -> str:
    """A value roughly as it would be written in a spec."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_yaml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_yaml, value)) + "]"
    return "null" if value is None else str(value)


def _examples(schema: Json) -> str:
    examples = schema.get("examples") or next(
        (o["examples"] for o in schema.get("anyOf", []) if "examples" in o), None
    )
    return "for example: " + ", ".join(f"`{_shown(example)}`" for example in examples[:3]) if examples else ""
