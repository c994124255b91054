"""The recorded panels have the shape that dashgen's own validation asks of dashboards."""

import json
from pathlib import Path

import jsonschema
import pytest

from dashgen.check.dashboard_schema import panel_schema

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(panel_schema())


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_recorded_panel_has_the_shape_that_validation_asks_for(
    path: Path, validator: jsonschema.Draft202012Validator
) -> None:
    panel = json.loads(path.read_text(encoding="utf-8"))
    assert [error.message for error in validator.iter_errors(panel)] == []
