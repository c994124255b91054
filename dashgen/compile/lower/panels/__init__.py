"""Panel types, one module each: the keys of a type, and what they are in a dashboard's JSON."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from dashgen.compile.lower.panel_type import PanelType


@cache
def panel_types() -> dict[str, type[PanelType]]:
    """Every panel type by its id, found by walking this package."""
    type_by_id: dict[str, type[PanelType]] = {}
    for module_name in sorted(info.name for info in iter_modules(__path__)):
        module = import_module(f"{__name__}.{module_name}")
        for value in vars(module).values():
            if _is_type_of(value, module.__name__):
                type_by_id[value.type_id] = value
    return type_by_id


def _is_type_of(value: object, module: str) -> bool:
    return (
        isinstance(value, type)
        and issubclass(value, PanelType)
        and value.__module__ == module
        and bool(value.type_id)
    )
