"""`dashgen schema PART` lists the keys of a part in a few lines."""

import pytest

from dashgen.project.schema.schema_outline import outline, outline_names


@pytest.mark.parametrize("name", outline_names())
def test_each_part_has_an_outline(name: str) -> None:
    text = outline(name)
    assert text is not None
    assert len(text.split("\n")) > 2


@pytest.mark.parametrize(
    ("name", "key"),
    [("panel", "thresholds"), ("stat", "graph"), ("time-series", "draw"), ("timeseries", "draw"), ("query", "service_map"), ("Query", "step"),
     ("variable", "default"), ("custom", "values"), ("alert-rule", "when"), ("contact-point", "victorops"), ("override", "regex")],
)  # fmt: skip
def test_a_part_is_found_by_its_name_in_any_form(name: str, key: str) -> None:
    text = outline(name)
    assert text is not None
    assert any(line.split(" ")[0] == key for line in text.split("\n"))


def test_a_part_that_is_none_has_no_outline() -> None:
    assert outline("nope") is None
