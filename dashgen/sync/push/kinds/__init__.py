"""The kinds of resources that a push writes, a module each: how they are defined, read, compared, written.

Takes a compilation and a running Grafana, gives items; knows nothing of plans. A new kind is a new module
with a subclass of `ResourceKind`: plan, apply, backup, rollback and status take all that they know of it from
there.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from dashgen.sync.push.item import Item
from dashgen.sync.push.kinds.resource_kind import ResourceKind


@cache
def resource_kinds() -> dict[str, ResourceKind]:
    """Every kind by its name, in the order in which resources are written, found by walking this package."""
    kinds: list[ResourceKind] = []
    for module_name in sorted(info.name for info in iter_modules(__path__)):
        module = import_module(f"{__name__}.{module_name}")
        # Classes that a module only imports are kinds of other modules.
        kinds += [value() for value in vars(module).values() if _is_kind_of(value, module.__name__)]
    return {kind.name: kind for kind in sorted(kinds, key=lambda kind: kind.order)}


def kind_of(item: Item) -> ResourceKind:
    """The kind of an item."""
    return resource_kinds()[item.kind]


def label(item: Item) -> str:
    """What an item is called in a sentence."""
    return kind_of(item).label(item.uid, item.title)


def _is_kind_of(value: object, module: str) -> bool:
    is_kind = isinstance(value, type) and issubclass(value, ResourceKind)
    return is_kind and value.__module__ == module and bool(getattr(value, "name", ""))
