"""Every command, as a user sees it."""

import shutil
from pathlib import Path

import pytest

from dashgen.cli.reference.command_texts import commands
from tests.cli.transcript import replay
from tests.golden import check

FOLDER = Path(__file__).parent / "transcripts"
TRANSCRIPTS = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_it_prints_what_was_recorded(path, tmp_path):
    if path.stem == "test" and shutil.which("promtool") is None:
        pytest.skip("promtool is missing, so no tests of alert rules were run; Debian's `prometheus` has it")
    now = replay(path.read_text(encoding="utf-8"), tmp_path)
    assert "Traceback" not in now
    check(path, now)


def test_every_command_has_a_transcript_of_success_and_one_of_failure():
    runs = [run for path in TRANSCRIPTS for run in path.read_text(encoding="utf-8").split("\n-- $ ")[1:]]
    for name in (command.name for command in commands()):
        mine = [run for run in runs if f"dashgen {name}" in run.partition(" --\n")[0]]
        assert any("\n-- exit " in run for run in mine), f"no transcript shows `dashgen {name}` fail"
        assert any("\n-- exit " not in run for run in mine), f"no transcript shows `dashgen {name}` succeed"
