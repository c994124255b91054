"""Whole numbers where text is meant: the status code `200` among label values is the text ``200``.

Only whole numbers: how a fraction or a boolean is spelled (``1.10``, ``True``) is for the author to say, in
quotes.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from msgspec import inspect

from dashgen.core.json_values import Json
from dashgen.source.source import Path

Written = Callable[[Path], str]


def with_texts(data: object, model: type, written: Written) -> Any:
    """The data with whole numbers as text where the model takes text and no number.

    Args:
        data: plain data.
        model: a struct of the spec language.
        written: gives the text of a number as it stands in the file, by its path below the data; empty when
            it does not.
    """
    return _shaped(data, _type(model), (), written)


@cache
def _type(model: type) -> inspect.Type:
    return inspect.type_info(model)


def _shaped(data: object, kind: inspect.Type, path: Path, written: Written) -> Any:
    options = _options(kind)
    if isinstance(data, dict):
        return _mapping(data, options, path, written)
    if isinstance(data, list):
        item = next((option.item_type for option in options if isinstance(option, inspect.ListType)), None)
        return data if item is None else [_shaped(v, item, (*path, i), written) for i, v in enumerate(data)]
    if isinstance(data, int) and not isinstance(data, bool):
        text = written(path) or str(data)
        return text if _takes_only_text(options) or _is_choice(text, options) else data
    return data


def _mapping(data: Json, options: list[inspect.Type], path: Path, written: Written) -> Any:
    struct = next((option for option in options if isinstance(option, inspect.StructType)), None)
    if struct is not None:
        fields = {field.encode_name: field.type for field in struct.fields}
        return {
            key: _shaped(value, fields[key], (*path, key), written) if key in fields else value
            for key, value in data.items()
        }
    values = next((option.value_type for option in options if isinstance(option, inspect.DictType)), None)
    if values is None:
        return data
    return {key: _shaped(value, values, (*path, key), written) for key, value in data.items()}


def _options(kind: inspect.Type) -> list[inspect.Type]:
    """The types that a value may have, without what is said about them."""
    # msgspec wraps a type once for each annotation that describes it.
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    if isinstance(kind, inspect.UnionType):
        return [option for part in kind.types for option in _options(part)]
    return [kind]


def _is_choice(text: str, options: list[inspect.Type]) -> bool:
    """Whether the digits are one of the texts to choose from."""
    return any(isinstance(option, inspect.LiteralType) and text in option.values for option in options)


def _takes_only_text(options: list[inspect.Type]) -> bool:
    numbers = (inspect.IntType, inspect.FloatType, inspect.AnyType)
    if any(isinstance(option, numbers) for option in options):
        return False
    if any(isinstance(o, inspect.LiteralType) and any(isinstance(v, int) for v in o.values) for o in options):
        return False
    return any(isinstance(option, inspect.StrType) for option in options)
