"""One redactor and one cleaner, and every way out goes through them."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashgen.cli.crash import EXIT_BUG
from dashgen.cli.streams import SafeStream
from dashgen.core.diagnostics import known_secrets, redaction
from dashgen.core.diagnostics.json_text import json_text
from dashgen.core.diagnostics.redaction import redacted, redacted_tree, remember_secret, without_users

PACKAGE = Path(redaction.__file__).parents[2]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgres://u:p@h/x", "postgres://***@h/x"),
        ("postgres://u:p@ss@h/x", "postgres://***@h/x"),
        ("postgres://u:p/w@h/x", "postgres://***@h/x"),
        ("postgres://u:p/w@ss/x@h/db", "postgres://***@h/db"),
        ("http://token@h", "http://***@h"),
        ("see http://u:p@h and http://v:q@i!", "see http://***@h and http://***@i!"),
        ("https://example.com/@user/post", "https://example.com/@user/post"),
        ("https://example.com:8080/a@b", "https://example.com:8080/a@b"),
        ("http://localhost:3000/d/x?to=a@b", "http://localhost:3000/d/x?to=a@b"),
        ("http://[::1]:3000/a@b", "http://[::1]:3000/a@b"),
        ("mail a@b.c", "mail a@b.c"),
        ("Authorization: Bearer abcdef123", "Authorization: Bearer ***"),
        ("basic dXNlcjpwYXNz", "basic ***"),
        ("glsa_abc123_def", "***"),
        ("x ghp_abcdefghijkl y", "x *** y"),
        ("xoxb-1234567890-abcdefghij", "***"),
        ("AKIAABCDEFGHIJKLMNOP", "***"),
        ("hvs.CAESIJabcdefghijklmnop", "***"),
        ("https://h/x?a=1&api_key=abc&b=2", "https://h/x?a=1&api_key=***&b=2"),
        ("https://h/x?sig=abc%3D", "https://h/x?sig=***"),
        ("https://hooks.slack.com/services/T0/B0/xyz", "https://hooks.slack.com/services/***"),
        ("https://discord.com/api/webhooks/1/abc", "https://discord.com/api/webhooks/***"),
        ("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----", "***"),
        ('rate(x{token="a",secret=~"b"}[5m])', 'rate(x{token="a",secret=~"b"}[5m])'),
        ("tasks are basic", "tasks are basic"),
        ("sk-label", "sk-label"),
    ],
)
def test_what_looks_like_a_secret_is_hidden_and_nothing_else(text: str, shown: str) -> None:
    assert redacted(text) == shown


SECRET_PARTS = st.text(st.sampled_from("abcXYZ019:/@?#%&=+._-"), min_size=1, max_size=12)


@given(st.sampled_from(["http", "postgres", "redis"]), SECRET_PARTS, SECRET_PARTS)
def test_no_password_of_an_address_is_left(scheme: str, user: str, password: str) -> None:
    password = f"hunter2{password}hunter2"
    user = re.sub(r"[:/?#@.]", "", user) or "u"
    for text in (
        f"{scheme}://{user}:{password}@host/db",
        f"dsn={scheme}://{user}:{password}@host.example.com:1",
    ):
        assert "hunter2" not in redacted(text)
        assert "hunter2" not in without_users(text)


def test_data_is_redacted_at_any_depth() -> None:
    assert redacted_tree({"a": ["http://u:p@h", {"b": ("Bearer abcdef",)}], "n": 1}, user="") == {
        "a": ["http://h", {"b": ["Bearer ***"]}],
        "n": 1,
    }


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> str:
    secrets: set[str] = set()
    for module in (known_secrets, redaction):
        monkeypatch.setattr(module, "KNOWN_SECRETS", secrets)
    value = 'pa"ss\\word/+1'
    remember_secret(value)
    return value


def test_a_secret_that_was_read_is_shown_in_no_spelling(known: str) -> None:
    out = io.StringIO()
    stream = SafeStream(out)
    stream.write(f"a {known} b\n")
    stream.write(json.dumps({"a": known}))
    stream.writelines(iter(["pa%22ss%5Cword%2F%2B1"]))
    assert out.getvalue() == 'a *** b\n{"a": "***"}***'
    assert not hasattr(stream, "buffer")


@pytest.mark.parametrize(
    ("secret", "text", "shown"),
    [
        ("s3cr", "the s3cr of it", "the *** of it"),
        ("s3cr", '{"password": "s3cr"}', '{"password": "***"}'),
        ("s3cr", "user:s3cr@host, as3cr, s3crs, s3cr_x", "user:***@host, as3cr, s3crs, s3cr_x"),
        ("pa/s", "token=pa%2Fs and pa/s", "token=*** and ***"),
        ("-x-y-", "a -x-y- b", "a *** b"),
        ("hunter2", "hunter2\nhunter22", "***\nhunter22"),
        ("héé1", "(héé1)", "(***)"),
        ("abc", "abc", "abc"),
        ("admin", "the admin", "the admin"),
        ("Admin", "the Admin", "the Admin"),
        ("3000", '{"port": 3000}', '{"port": 3000}'),
        ("true", '{"a": true}', '{"a": true}'),
        ("hunter22", "xhunter22x", "x***x"),
    ],
)
def test_short_secrets_are_hidden_where_they_stand_alone(
    known: str, secret: str, text: str, shown: str
) -> None:
    remember_secret(secret)
    assert redacted(text) == shown
    out = io.StringIO()
    SafeStream(out).write(text)
    assert out.getvalue() == shown


def test_text_that_an_encoding_has_not_is_escaped() -> None:
    raw = io.BytesIO()
    stream = SafeStream(io.TextIOWrapper(raw, encoding="ascii", write_through=True))
    stream.write("é 🤖 \udce9\n")
    assert raw.getvalue() == b"\\xe9 \\U0001f916 \\udce9\n"


@pytest.mark.parametrize("terminal", [True, False])
def test_what_steers_a_terminal_does_not_get_through(terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(out, "isatty", lambda: terminal)
    SafeStream(out).write("\x1b[31mred\x1b[0m\r\x1b[K\x1b[2J\x1b]0;title\x07\x9b31m\x00\ta\u202eb\n")
    bidi = "\ufffd" if terminal else "\u202e"
    assert out.getvalue() == (
        f"\x1b[31mred\x1b[0m\r\x1b[K\ufffd[2J\ufffd]0;title\ufffd\ufffd31m\ufffd\ta{bidi}b\n"
    )


def test_json_steers_no_terminal_and_says_the_same() -> None:
    document = {
        "a": "\u202eevil\u2066",
        "b": "\x85\u2028\x7f",
        "c": "\x1b[2J",
        "d": 2**70,
        "e": "\udce9",
        "f": 1.5,
    }
    text = json_text(document)
    assert text.isprintable() or set(text) - {c for c in text if c.isprintable()} == {"\n"}
    found = json.loads(text)
    assert (found["a"], found["b"], found["c"]) == (document["a"], document["b"], document["c"])
    assert found["e"] == "\\udce9"
    assert found["d"] == "1.1805916207174113e+21"


# Exits


DATA = frozenset((
    "dashgen/compile/outputs/dashboard_files.py", "dashgen/workspace/lock_file.py", "dashgen/sync/push/plan_file.py", "dashgen/sync/push/backup.py",
    "dashgen/compare/render/render_unified.py", "dashgen/cli/commands/schema_command.py", "dashgen/cli/commands/explain_command.py", "dashgen/importer/exported_inputs.py",
    "dashgen/importer/folding/panel_shapes.py", "dashgen/doctor/live/live_variables.py", "dashgen/sync/pull/data_changes.py",
    "dashgen/cli/reference/markdown_tables.py", "dashgen/cli/reference/command_table.py", "dashgen/cli/scaffold/__init__.py",
))  # fmt: skip
"""Where JSON is written that is no message: artifacts, files that are read again, sizes, comparisons."""


def modules() -> list[tuple[str, str]]:
    return [
        (path.relative_to(PACKAGE.parent).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    ]


def test_results_for_programs_are_written_by_one_function() -> None:
    allowed = {"dashgen/core/diagnostics/json_text.py"}
    for name, text in modules():
        if (
            not name.startswith(("dashgen/cli/", "dashgen/core/reporters/", "dashgen/compare/render/"))
            or name in DATA
        ):
            continue
        assert name in allowed or not re.search(r"\b(?:orjson|json)\.dumps\(", text), name


def test_only_the_command_line_prints() -> None:
    allowed = {
        "dashgen/servers/http/plain.py",
        "dashgen/project/full_build.py",
        "dashgen/cli/reference/__main__.py",
    }
    printing = {
        name
        for name, text in modules()
        if re.search(r"sys\.std(?:out|err)\.write|typer\.echo|^\s*print\(", text, re.MULTILINE)
    }
    assert {name for name in printing if not name.startswith("dashgen/cli/")} <= allowed


def test_nothing_goes_around_the_streams() -> None:
    # A line with the name of a command and a number of seconds, beside the buffers that a signal interrupts.
    allowed = {"dashgen/cli/streams.py", "dashgen/cli/waiting_line.py"}
    around = re.compile(r"sys\.__std|std(?:out|err)\.buffer|os\.write\((?:1|2)\b|fileno\(\)")
    assert [name for name, text in modules() if around.search(text) and name not in allowed] == []


# The last resort


CRASH = """
import sys
from unittest.mock import patch
from dashgen.cli.app import main
sys.argv = ["dashgen", "list"]
def fail(*_words, **_named):
    import os
    raise RuntimeError("broken by " + os.environ["MY_API_TOKEN"] + " and http://u:hunter2@h \\x1b[2J")
with patch("dashgen.workspace.workspace.open_workspace", fail):
    main()
"""


def test_an_unexpected_error_is_one_line_without_secrets_and_an_exit_code_of_its_own(tmp_path: Path) -> None:
    environment = {**os.environ, "MY_API_TOKEN": "tok-abcdefgh", "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", CRASH],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == EXIT_BUG
    assert done.stdout == ""
    [line] = done.stderr.splitlines()
    assert "this is a bug in dashgen (RuntimeError: broken by *** and http://***@h" in line
    [kept] = tmp_path.glob("dashgen-bug-*.txt")
    assert str(kept) in line
    assert kept.stat().st_mode & 0o777 == 0o600
    text = kept.read_text()
    assert "Traceback" in text
    for shown in (line, text):
        assert "tok-abcdefgh" not in shown
        assert "hunter2" not in shown
    assert "\x1b" not in line
