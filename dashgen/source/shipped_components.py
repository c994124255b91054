"""The components that dashgen ships: YAML files below `dashgen/library/`, read when something uses one."""

from functools import cache
from pathlib import Path

from dashgen.core.errors import SpecError
from dashgen.source.components import SHIPPED, Component, read_components
from dashgen.source.load import load_text

_FOLDER = Path(__file__).parent.parent / "library"
_SUFFIX = ".yaml"


@cache
def library_names() -> tuple[str, ...]:
    """The names of all shipped components, in their order."""
    return tuple(sorted(SHIPPED + path.stem for path in (_FOLDER / SHIPPED).glob(f"*{_SUFFIX}")))


@cache
def library_component(name: str) -> Component | None:
    """The shipped component of a name; None when there is none.

    Raises:
        SpecError: its file is not sound, which is a fault of dashgen.
    """
    if name not in library_names():
        return None
    loaded = load_text(f"dashgen/library/{name}{_SUFFIX}", library_text(name))
    for document in loaded.documents:
        document.shipped = True
    components, problems = read_components(loaded.documents)
    if [*loaded.diagnostics, *problems]:
        raise SpecError(*loaded.diagnostics, *problems)
    return components.get(name)


def library_text(name: str) -> str:
    """The YAML of the shipped component of a name.

    Raises:
        OSError: there is none.
    """
    return library_path(name).read_text("utf-8")


def library_path(name: str) -> Path:
    """The file of the shipped component of a name."""
    return _FOLDER / f"{name}{_SUFFIX}"
