"""One process at a time works in a folder."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from dashgen.core.files import locking
from dashgen.core.files.locking import TakesTooLongError, one_at_a_time

HOLD = """
import sys
from pathlib import Path
from dashgen.core.files.locking import one_at_a_time
with one_at_a_time(Path(sys.argv[1]), 60, lambda: None, shared=len(sys.argv) > 2):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(folder: Path, *words: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_process_waits_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "_NOTICE", 0)
    with holder(tmp_path) as process:
        waiting = threading.Event()

        def on_wait() -> None:
            waiting.set()
            process.communicate("")

        with one_at_a_time(tmp_path, 60, on_wait):
            assert waiting.is_set()


def test_a_process_that_is_killed_holds_nothing(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        process.kill()
    with one_at_a_time(tmp_path, 60, lambda: None):
        pass


def test_patience_ends(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        with (
            pytest.raises(TakesTooLongError, match="another dashgen works in"),
            one_at_a_time(tmp_path, 0, print),
        ):
            pass
        process.communicate("")


def test_readers_share(tmp_path: Path) -> None:
    with holder(tmp_path, "shared") as process:
        with one_at_a_time(tmp_path, 0, lambda: None, shared=True):
            pass
        with pytest.raises(TakesTooLongError), one_at_a_time(tmp_path, 0, lambda: None):
            pass
        process.communicate("")


def test_a_folder_that_is_not_there_is_for_its_writer_to_report(tmp_path: Path) -> None:
    with one_at_a_time(tmp_path / "x", 0, lambda: None):
        pass
