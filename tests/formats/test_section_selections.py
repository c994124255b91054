"""What a viewer chose in a section's drop-down is saved along, and is no difference."""

from dashgen.formats.normal.filled_values import without_filled_in, without_selections
from dashgen.formats.normal.normal_dashboard import dashboard_resource


def _board(**chosen):
    variable = {"type": "custom", "name": "model", "query": "a,b", **chosen}
    header = {"type": "row", "title": "T", "gridPos": {"x": 0, "y": 0, "w": 24, "h": 1}, "panels": []}
    dynamic = {"kind": "tab", "level": 0, "variables": [variable]}
    return {"uid": "x", "title": "X", "schemaVersion": 42, "panels": [{**header, "dynamic": dynamic}]}


CHOSEN = {"current": {"text": "b", "value": "b"}}


def test_a_selection_in_a_section_is_left_out_unless_ours_chooses_too():
    assert without_selections(_board(**CHOSEN), _board()) == _board()
    assert without_selections(_board(**CHOSEN), _board(**CHOSEN)) == _board(**CHOSEN)
    live, ours = dashboard_resource(_board(**CHOSEN)), dashboard_resource(_board())
    assert without_filled_in(live, ours).data == ours.data
    assert without_filled_in(live, live).data == live.data
