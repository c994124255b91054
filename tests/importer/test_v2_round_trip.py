"""What is the same in both schemas becomes the same spec."""

from pathlib import Path

import orjson
import pytest

from dashgen.core.diagnostics import Diagnostic
from dashgen.importer.exported_inputs import ImportInput
from dashgen.importer.import_dashboard import Importer
from dashgen.importer.import_files import import_dashboard
from tests.importer.support import ROOT, importer_for
from tests.importer.v2_forward import v2_of

BOARDS = sorted((ROOT / "generated" / "dashboards").rglob("*.json"))


@pytest.fixture(scope="module")
def importer() -> Importer:
    return importer_for(ROOT)


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
def test_a_dashboard_in_the_new_schema_becomes_the_same_spec(path: Path, importer: Importer) -> None:
    board = orjson.loads(path.read_bytes())
    classic = import_dashboard(ImportInput("classic", board, 1), importer)
    new = import_dashboard(ImportInput("new", v2_of(board), 1), importer)
    assert not isinstance(classic, Diagnostic)
    assert not isinstance(new, Diagnostic)
    assert new.imported.differences == []
    assert new.imported.spec == classic.imported.spec
