"""What holds of every dashboard that goes to schema v2 and back."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from dashgen.check.v2_schema import v2_schema
from dashgen.formats.normal.normal_dashboard import normal_dashboard
from dashgen.formats.panel_tree import every_panel
from dashgen.formats.v2 import extended_dashboard, v2_spec, without_dynamic
from tests.formats.v2.extended_dashboards import dashboards

Json = dict[str, Any]
_SCHEMA = Draft202012Validator(v2_schema())
_ROOT = Path(__file__).parents[3]
_SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.sampled_from(["", "a", "$x"])
)
_JSON = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


def _golden() -> list[Json]:
    """The dashboards that the repository keeps: built ones, and golden panels, each as a dashboard of one."""
    boards = []
    for path in sorted(
        [*_ROOT.glob("generated/dashboards/**/*.json"), *_ROOT.glob("tests/**/golden/*.json")]
    ):
        data = orjson.loads(path.read_bytes())
        data = data.get("spec", data) if isinstance(data, dict) else {}
        if data.get("schemaVersion") == 42:
            boards.append(data)
        elif "fieldConfig" in data and "type" in data:
            boards.append({"title": path.stem, "schemaVersion": 42, "panels": [data]})
    return boards


def _without_row_ids(dashboard: Json) -> Json:
    """Rows have no ids in schema v2."""
    panels = [
        {key: value for key, value in panel.items() if panel.get("type") != "row" or key != "id"}
        for panel in dashboard["panels"]
    ]
    return {**dashboard, "panels": panels}


def test_golden_dashboards_have_their_normal_form_afterwards() -> None:
    boards = _golden()
    assert len(boards) > 40
    for board in boards:
        original = _without_row_ids(board)
        assert normal_dashboard(extended_dashboard(v2_spec(board)).dashboard) == normal_dashboard(original)


def test_golden_dashboards_are_written_as_they_were_read() -> None:
    for board in _golden():
        spec = v2_spec(board)
        assert v2_spec(extended_dashboard(spec).dashboard) == spec


@pytest.mark.property
@given(dashboards())
def test_what_was_written_is_written_again(board: Json) -> None:
    spec = v2_spec(board)
    extended = extended_dashboard(spec, "shop")
    assert v2_spec(extended.dashboard) == spec
    assert extended.notes == []


@pytest.mark.property
@given(dashboards())
def test_what_is_written_is_of_the_schema(board: Json) -> None:
    errors = [f"{error.json_path}: {error.message}" for error in _SCHEMA.iter_errors(v2_spec(board))]
    assert errors == []


@pytest.mark.property
@given(dashboards())
def test_the_normal_form_stays(board: Json) -> None:
    assert normal_dashboard(extended_dashboard(v2_spec(board)).dashboard) == normal_dashboard(board)


@pytest.mark.property
@given(dashboards())
def test_the_fallback_has_all_panels_and_nothing_dynamic(board: Json) -> None:
    fallback = without_dynamic(board).dashboard
    assert b'"dynamic"' not in orjson.dumps(fallback)
    assert [p["id"] for p in every_panel(fallback["panels"]) if "id" in p] == [
        p["id"] for p in every_panel(board["panels"]) if "id" in p
    ]


@st.composite
def _broken(draw: st.DrawFn) -> Any:
    """A dashboard of schema v2 in which some values were replaced."""
    spec = v2_spec(draw(dashboards()))

    def replaced(value: Any) -> Any:
        if draw(st.integers(0, 25)) == 0:
            return draw(_JSON)
        if isinstance(value, dict):
            return {key: replaced(part) for key, part in value.items()}
        return [replaced(part) for part in value] if isinstance(value, list) else value

    return {key: replaced(part) for key, part in spec.items()}


@pytest.mark.property
@given(_broken())
def test_no_broken_dashboard_stops_reading_or_writing(spec: Json) -> None:
    extended = extended_dashboard(spec).dashboard
    once = v2_spec(extended)
    assert v2_spec(extended_dashboard(once).dashboard) == once
    without_dynamic(extended)


@pytest.mark.property
@given(_JSON)
def test_no_extended_form_stops_writing(value: Any) -> None:
    header = {
        "type": "row",
        "dynamic": {"kind": value, "level": value, "layout": value, "showWhen": value, "variables": value},
    }
    panel = {
        "id": value,
        "dynamic": value,
        "targets": value,
        "gridPos": value,
        "fieldConfig": value,
        "libraryPanel": value,
    }
    board = {
        "panels": [panel, header, panel, {**header, "dynamic": value, "panels": [panel]}],
        "dynamic": value,
        "templating": value,
    }
    spec = v2_spec(board)
    assert v2_spec(extended_dashboard(spec).dashboard) == spec
    without_dynamic(board)
