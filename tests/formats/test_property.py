"""What holds of every panel, whichever of its words are said."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashgen.formats.dashboard.dashboard_json import migrate
from tests.lower.settled import built, panel_of, settled_dashboard, settled_panel
from tests.lower.test_panels import FILES, _file

pytestmark = pytest.mark.property


@st.composite
def _panels(draw: st.DrawFn) -> Any:
    kind, source, cases = _file(draw(st.sampled_from(FILES)))
    spec = cases[draw(st.sampled_from(sorted(cases)))]
    words = draw(st.sets(st.sampled_from(sorted(spec))))
    needed = {"uid"} if kind == "library" else set()
    remaining = {key: value for key, value in spec.items() if key in words | needed}
    return settled_panel(panel_of(kind, remaining), source)


def _nulls(value: Any) -> int:
    if isinstance(value, dict):
        base = set(value) == {"color", "value"}
        return sum(0 if base and part is None else _nulls(part) for part in value.values())
    return sum(map(_nulls, value)) if isinstance(value, list) else int(value is None)


@given(_panels())
def test_migrating_twice_changes_nothing_more(panel: Any) -> None:
    once = built(settled_dashboard([panel]))
    assert migrate(once) == once


@given(_panels())
def test_no_null_is_left_but_the_base_of_thresholds(panel: Any) -> None:
    assert _nulls(built(settled_dashboard([panel]))) == 0


@given(_panels())
def test_building_twice_gives_the_same(panel: Any) -> None:
    dashboard = settled_dashboard([panel])
    assert built(dashboard) == built(dashboard)
