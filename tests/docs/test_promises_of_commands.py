"""Promises of the README about commands: options, streams, exit codes, and what a push writes."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from dashgen.cli.options import EXIT_CODES
from dashgen.cli.reference.command_texts import CommandText, commands
from tests.cli.transcript import run_command
from tests.docs.promises import EXIT_CHANGED, README, panel, project, proves
from tests.grafana.fake import FakeGrafana
from tests.tools.waiting import LONGEST_WAIT


def _rows() -> Iterator[tuple[str, str]]:
    """The commands of the table, each with the whole row."""
    for row in re.findall(r"^\| `dashgen .*$", README, re.MULTILINE):
        for written in re.findall(r"`([^`]+)`", row.split(" | ")[0]):
            words = [
                word for word in written.removeprefix("dashgen ").split() if re.fullmatch("[a-z]+", word)
            ]
            yield " ".join(words), row


@proves("commands")
def test_each_command_of_the_table_is_there_with_its_options_and_an_example() -> None:
    known: dict[str, CommandText] = {command.name: command for command in commands()}
    for name, row in _rows():
        assert name in known, row
        written = " ".join(parameter.written for parameter in known[name].parameters)
        if row.count("`dashgen") == 1 and "·" not in row:
            assert [option for option in re.findall(r"--[a-z-]+", row) if option not in written] == [], row
    assert [name for name, command in known.items() if "Example: dashgen " not in command.help] == []
    assert {name.split()[0] for name in known} - {name.split()[0] for name, _ in _rows()} == {"stack"}


@proves("streams")
def test_findings_are_on_stderr_and_those_of_validate_and_of_programs_formats_on_stdout(
    tmp_path: Path,
) -> None:
    project(tmp_path, d=panel('title: T\nquery: "sum(up"'))
    for command in ("build", "list", "diff", "test", "validate"):
        ended = run_command([command], tmp_path, {})
        on_stdout = command == "validate"
        assert ("error[query/syntax]" in ended.stdout) is on_stdout, command
        assert ("error[query/syntax]" in ended.stderr) is not on_stdout, command
    for command in ("build", "validate", "test"):
        for form in ("json", "github", "junit"):
            ended = run_command([command, "--format", form], tmp_path, {})
            assert "query/syntax" in ended.stdout
            assert "query/syntax" not in ended.stderr


@proves("exit codes", "differences", "plan", "pull", "rollback")
def test_a_push_writes_what_differs_and_leaves_alone_what_somebody_edited(tmp_path: Path) -> None:
    project(tmp_path, d=panel("title: T\nquery: sum(up)"))
    with FakeGrafana() as grafana:
        environment = {"GRAFANA_URL": grafana.url, "GRAFANA_TOKEN": grafana.admin_token}

        def run(*words: str) -> int:
            return run_command([*words, "--quiet"], tmp_path, environment).code

        def writes() -> int:
            return sum(call.method not in ("GET", "HEAD") for call in grafana.log)

        assert run("push") == 0
        before = writes()
        assert run("push") == 0
        assert writes() == before
        spec = tmp_path / "specs/d.yaml"
        spec.write_text(spec.read_text().replace("title: T\n", "title: Other\n"))
        assert run("push", "--plan-out", "plan.json") == 0
        version = grafana.store.dashboards["d"].spec
        grafana.store.edit("d", **{**version, "refresh": "10s"})
        before = writes()
        assert run("apply", "plan.json", "--yes") == EXIT_CHANGED
        assert run("push") == EXIT_CHANGED
        assert writes() == before
        text = spec.read_text()
        assert run("pull") == 0
        lines = spec.read_text().splitlines()
        assert [line for line in lines if line not in text.splitlines()] == ["refresh: 10s"]
        assert run("push") == 0
        assert grafana.store.dashboards["d"].spec["panels"][0]["title"] == "Other"
        assert run_command(["rollback"], tmp_path, environment).code == 0
        assert grafana.store.dashboards["d"].spec["panels"][0]["title"] == "T"


@proves("exit codes")
def test_the_other_exit_codes(tmp_path: Path) -> None:
    project(tmp_path, d=panel("title: T\nquery: sum(up)"))
    environment = {"GRAFANA_TOKEN": "t"}
    ends = {
        0: ["build"],
        2: ["build", "--nonsense"],
        3: ["push", "--url", "http://127.0.0.1:9", "--quiet"],
    }
    assert {code: run_command(words, tmp_path, environment).code for code, words in ends.items()} == {
        code: code for code in ends
    }
    (tmp_path / "specs/d.yaml").write_text(panel("title: U\nquery: sum(up)"))
    assert run_command(["build", "--check"], tmp_path, {}).code == 1
    listed = re.findall(
        r"(\d+) [a-z]", " ".join(README.partition("Exit codes: ")[2].partition("Tokens")[0].split())
    )
    assert [int(code) for code in listed] == list(EXIT_CODES)


@proves("exit codes")
def test_an_interrupted_command_ends_with_130(tmp_path: Path) -> None:
    project(tmp_path, d=panel("title: T\nquery: sum(up)"))
    # A shell starts background jobs with SIGINT ignored, and programs inherit that; a handler is not inherited.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        running = subprocess.Popen(
            [Path(sys.executable).with_name("dashgen"), "build", "--watch"],
            cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
    finally:
        signal.signal(signal.SIGINT, before)
    assert running.stdout is not None
    assert any("new" in line for line in running.stdout)
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=LONGEST_WAIT)
    assert running.returncode == 130


@proves("tokens")
def test_no_command_takes_a_token_or_a_password() -> None:
    options = [parameter.written for command in commands() for parameter in command.parameters]
    assert options
    assert [option for option in options if re.search(r"--\S*(token|password|secret)\S* [A-Z]", option)] == []
