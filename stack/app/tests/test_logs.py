import io
import json
import logging
import threading
from dataclasses import replace

from bot.logs import EventLog, OncePerWhile
from bot.settings import Settings


def written(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_json_object_with_a_utc_time():
    stream = io.StringIO()
    log = EventLog(Settings(), stream)
    log.open()
    log.write("query", "two\nlines", cost=0.5, tier="pro")
    log.close()
    (line,) = written(stream)
    assert line.pop("time").endswith("Z")
    assert line == {"level": "info", "event": "query", "message": "two\nlines", "cost": 0.5, "tier": "pro"}


def test_secrets_are_in_no_field():
    stream = io.StringIO()
    log = EventLog(Settings(), stream)
    log.open()
    log.write("query", "password=hunter2", query="password=hunter2", stack="password=hunter2")
    log.close()
    assert "hunter2" not in stream.getvalue()


def test_a_secret_is_found_before_the_text_is_cut():
    stream = io.StringIO()
    log = EventLog(Settings(), stream)
    log.open()
    log.write("query", "x" * 1980 + " card 4111 1111 1111 1111")
    log.close()
    assert "4111" not in stream.getvalue()
    assert len(written(stream)[0]["message"]) <= 2000


def test_lines_of_libraries_are_json_too_from_warnings_on():
    stream = io.StringIO()
    log = EventLog(Settings(), stream)
    log.open()
    logging.getLogger("somebody").info("chatter")
    logging.getLogger("somebody").warning("take care of %s", "this")
    try:
        raise ValueError("oh")
    except ValueError:
        logging.getLogger("somebody").exception("it broke")
    log.close()
    first, second = written(stream)
    assert (first["level"], first["event"], first["message"]) == ("warning", "library", "take care of this")
    assert (second["level"], second["event"]) == ("error", "exception")
    assert "ValueError: oh" in second["stack"]


def test_a_library_that_repeats_itself_is_heard_once_in_a_while():
    moments = iter([0, 1, 299, 301, 301])
    once = OncePerWhile(lambda: next(moments))
    record = logging.LogRecord("exporter", logging.WARNING, "", 0, "try %d", (1,), None)
    assert [once.filter(record) for _ in range(4)] == [True, False, False, True]
    assert once.filter(logging.LogRecord("exporter", logging.WARNING, "", 0, "another", (), None))
    own = logging.LogRecord("bot", logging.INFO, "", 0, "query", (), None)
    assert once.filter(own)
    assert once.filter(own)


def test_the_file_gets_the_same_lines_and_is_rotated(tmp_path):
    path = tmp_path / "deep" / "bot.jsonl"
    stream = io.StringIO()
    log = EventLog(replace(Settings(), log_file=path, log_file_bytes=10_000, log_file_keep=2), stream)
    log.open()
    for _ in range(200):
        log.write("query", "x" * 100)
    log.close()
    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == ["bot.jsonl", "bot.jsonl.1", "bot.jsonl.2"]
    assert all(file.stat().st_size <= 10_000 for file in files)
    assert path.read_text().splitlines()[-1] == stream.getvalue().splitlines()[-1]


class Stuck(io.StringIO):
    """A pipe that nobody reads."""

    def __init__(self):
        super().__init__()
        self.released = threading.Event()

    def write(self, text):
        self.released.wait(60)
        return super().write(text)


def test_a_blocked_stream_does_not_hold_up_whoever_logs():
    stream = Stuck()
    log = EventLog(Settings(), stream)
    log.open()
    log.write("query", "one")
    log.write("query", "two")
    assert stream.getvalue() == ""
    stream.released.set()
    log.close()
    assert stream.getvalue().count("\n") == 2
