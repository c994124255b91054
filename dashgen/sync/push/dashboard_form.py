"""In which of its two forms a dashboard is written to a Grafana, and compared with what is there.

Classic JSON is what every Grafana reads; schema v2 is what the editor of Grafana 13 saves, and the only one
with tabs, conditions and grids that arrange themselves. What is stored in v2 stays in v2. Anything else is
written as classic JSON, unless `format:` is v2, or leaves it to dashgen (`auto`) and the dashboard needs
v2.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from dashgen.compare import Change, What
from dashgen.compare.compare_dashboard import form_detail
from dashgen.core.json_values import Json
from dashgen.formats.v2 import without_dynamic
from dashgen.project.targets import Chosen
from dashgen.servers.grafana.capabilities import Capabilities
from dashgen.sync.push.item import Item
from dashgen.sync.push.item_content import Content

CLASSIC: Final = "classic"
V2: Final = "v2"
_AUTO: Final = "auto"
_AT_ONCE: Final = 16
_SIGNS: Final = (b'"dynamic"', b'"valueExpr"')
"""What the text of a dashboard holds that may need v2."""


class FormPolicy(Struct, frozen=True):
    """What decides about the form of dashboards in one Grafana.

    Attributes:
        setting: ``auto``, ``classic`` or ``v2``.
        stores_v2: whether this Grafana stores dashboards in v2.
    """

    setting: str = _AUTO
    stores_v2: bool = False

    def form(self, content: Mapping[str, Any], *, is_stored_in_v2: bool) -> str:
        """The form of a dashboard: that in which it is stored, or is to be stored."""
        if is_stored_in_v2:
            return V2
        if not self.stores_v2 or self.setting == CLASSIC:
            return CLASSIC
        return V2 if self.setting == V2 or needs_v2(content) else CLASSIC


def form_policy(chosen: Chosen, capabilities: Capabilities) -> FormPolicy:
    """What decides about the form of dashboards in a Grafana."""
    return FormPolicy(chosen.dashboard_format, capabilities.stores_v2)


def needs_v2(content: Mapping[str, Any]) -> bool:
    """Whether a dashboard loses anything in the classic form."""
    # Of most dashboards a look at their text is enough to know.
    if isinstance(content, Content) and not content.mentions(_SIGNS):
        return False
    return bool(without_dynamic(dict(content)).notes)


def losses(item: Item) -> list[str]:
    """What a dashboard in the classic form lacks of what its spec has, in words."""
    content = item.content
    if not isinstance(content, ClassicContent) or not needs_v2(content.whole):
        return []
    return list(dict.fromkeys(text for _, text in without_dynamic(dict(content.whole)).notes))


def in_form(item: Item, form: str) -> Item:
    """A dashboard of the specs in one of the two forms."""
    content = item.content.whole if isinstance(item.content, ClassicContent) else item.content
    return replace(item, form=form, content=content if form == V2 else ClassicContent(content))


def form_change(before: Item, after: Item) -> Change | None:
    """That a write stores a dashboard in another form, in words; nothing when it does not."""
    if before.form == after.form or not (before.form and after.form):
        return None
    from dashgen.sync.push.normal_items import normal  # it knows the kinds, which know this module

    detail = form_detail("it is stored", before.form, after.form)
    return Change(What.CHANGED, normal(before)[0], normal(after)[0], (detail,))


class ClassicContent(Mapping[str, Any]):
    """A content in the classic form, made when somebody looks.

    Attributes:
        whole: the content with what only v2 has.
    """

    __slots__ = ("whole",)

    def __init__(self, whole: Mapping[str, Any]) -> None:
        self.whole = whole

    def __getitem__(self, key: str) -> Any:
        return _classic(self)[key]

    def __iter__(self) -> Iterator[str]:
        return iter(_classic(self))

    def __len__(self) -> int:
        return len(_classic(self))

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other


# Keys are looked up one by one, mostly of the same content in a row.
@lru_cache(_AT_ONCE)
def _classic(content: ClassicContent) -> Json:
    if not needs_v2(content.whole):
        return dict(content.whole)
    return without_dynamic(dict(content.whole)).dashboard
