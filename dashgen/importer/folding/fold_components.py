"""Fold panels of one shape in several places into uses of a component."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from msgspec import Struct

from dashgen.core.json_values import Json
from dashgen.importer.folding.holes import PartTemplate, template_of
from dashgen.importer.folding.panel_shapes import Scalar, height, shape
from dashgen.importer.folding.proof import Prover
from dashgen.model.panel_identity import slug
from dashgen.model.parse import DEFAULT_PANEL_TYPE
from dashgen.source.components import Component, Parameter
from dashgen.source.provenance import Origin

_ASIDE = ("description", "repeat", "width", "height", "at")
"""The keys that stay beside `use`, because they belong to the place and not to what is shown there."""
_LEAST_USES = 3
_LEAST_SAVED = 6
_MOST_TRIED = 200
_TYPES: dict[type, str] = {str: "string", bool: "boolean", int: "number", float: "number"}


class _Cluster(Struct):
    """Panels that one template covers, each with its list and its index there."""

    places: list[tuple[list[Any], int]] = []
    cores: list[Json] = []
    template: PartTemplate | None = None


def fold_panels(
    lists: Sequence[list[Any]], name: str, prover: Prover, taken: AbstractSet[str] = frozenset()
) -> dict[str, Json]:
    """Put uses of components where panels of one shape stand.

    Args:
        lists: the lists of panels; changed.
        name: what the names of the components start with.
        taken: names that they must not have.
        prover: proves that nothing changes.

    Returns:
        The components by name.
    """
    components: dict[str, Json] = {}
    for cluster in _clusters(lists):
        if len(cluster.places) < _LEAST_USES or cluster.template is None:
            continue
        chosen = _free(_name(cluster.template, name), {*components, *prover.scope.components, *taken})
        component = _component(cluster.template)
        uses = [_use(chosen, cluster.template, n, panels[i]) for n, (panels, i) in enumerate(cluster.places)]
        plain = [panels[i] for panels, i in cluster.places]
        if _saved(plain, uses, chosen, component) < _LEAST_SAVED:
            continue
        if prover.same("panels", uses, plain, {chosen: _as_spec(chosen, component, prover.origin)}):
            components[chosen] = component
            for (panels, index), use in zip(cluster.places, uses, strict=True):
                panels[index] = use
    return components


def _clusters(lists: Sequence[list[Any]]) -> Iterator[_Cluster]:
    """Panels with the same template, in the order in which they come."""
    alike: dict[Any, _Cluster] = {}
    for panels in lists:
        for index, panel in enumerate(panels):
            if "for_each" not in panel:
                core = {key: value for key, value in panel.items() if key not in _ASIDE}
                cluster = alike.setdefault(shape(core), _Cluster())
                cluster.places.append((panels, index))
                cluster.cores.append(core)
    for cluster in alike.values():
        if len(cluster.places) >= _LEAST_USES:
            cluster.template = template_of(cluster.cores)
            yield from [cluster] if cluster.template is not None else _parted(cluster)


def _parted(alike: _Cluster) -> list[_Cluster]:
    """Panels of one shape that differ in too many ways, in groups that do not."""
    clusters: list[_Cluster] = []
    # Each panel is tried in each group, which is a square: a bound keeps generated dashboards from taking
    # minutes.
    for position, core in list(zip(alike.places, alike.cores, strict=True))[:_MOST_TRIED]:
        if not any(_join(one, position, core) for one in clusters):
            clusters.append(_Cluster([position], [core]))
    return clusters


def _join(cluster: _Cluster, position: tuple[list[Any], int], core: Json) -> bool:
    """Add a panel to a cluster when one template still covers all."""
    template = template_of([*cluster.cores, core])
    if template is None:
        return False
    cluster.places.append(position)
    cluster.cores.append(core)
    cluster.template = template
    return True


def _name(template: PartTemplate, dashboard: str) -> str:
    """A component's name: the dashboard's, with the title that its panels share or their type."""
    title = template.part.get("title", "")
    shared = slug(title) if ("title",) not in template.holes else ""
    return f"{dashboard}-{shared or template.part.get('type', DEFAULT_PANEL_TYPE)}"


def _component(template: PartTemplate) -> Json:
    types = {p.name: _type(p.argument(n) for n in range(len(p.values))) for p in template.parameters}
    body = template.body()
    return {"params": types, "panel": body} if types else {"panel": body}


def _type(values: Iterator[Scalar]) -> str:
    # Arguments of several types need a parameter without one.
    kinds = {_TYPES[type(value)] for value in values}
    return kinds.pop() if len(kinds) == 1 else "any"


def _use(name: str, template: PartTemplate, number: int, panel: Json) -> Json:
    arguments = template.arguments(number)
    aside = {key: panel[key] for key in _ASIDE if key in panel}
    return {"use": name, **({"with": arguments} if arguments else {}), **aside}


def _saved(plain: list[Json], uses: list[Json], name: str, component: Json) -> int:
    after = height("panels", uses) + height(name, component) + 1
    return height("panels", plain) - after


def _as_spec(name: str, component: Json, origin: Origin) -> Component:
    parameters = {key: Parameter(kind) for key, kind in component.get("params", {}).items()}
    return Component(name, "panel", component["panel"], origin.child(name), parameters)


def _free(name: str, taken: set[str]) -> str:
    number, free = 2, name
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    return free
