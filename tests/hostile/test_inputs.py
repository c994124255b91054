"""Whatever stands in a spec: a finding where it stands, nothing written, no traceback, no endless work."""

import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from tests.project.project import SOURCES, Finished, Project

SECONDS = 60
HEAD = "kind: Dashboard\nuid: d\ntitle: T\n"
PANEL = "panels: [{title: A, query: up}]\n"


class TookTooLongError(Exception):
    """A case did not end in time."""


def stop(_signal: int, _frame: FrameType | None) -> None:
    raise TookTooLongError


@pytest.fixture(autouse=True)
def time_limit() -> Iterator[None]:
    """Work is bounded by the time of the processor, which others do not use up; the clock only ends what waits for ever."""
    before = {name: signal.signal(name, stop) for name in (signal.SIGPROF, signal.SIGALRM)}
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    signal.alarm(10 * SECONDS)
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.alarm(0)
    for name, handler in before.items():
        signal.signal(name, handler)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.write("dashgen.yaml", "specs: [specs]\n")
    project.write("specs/sources.yaml", SOURCES)
    return project


def refused(project: Project, *words: str) -> Finished:
    """Build, which has to end with findings and without writing; validating says the same."""
    done = project.run("build", *words)
    assert done.code == 1, done
    assert "Traceback" not in done.err
    assert "\x1b" not in done.err
    assert not project.output.is_dir()
    checked = project.run("validate") if not words else done
    assert checked.code in (1, 2), checked
    assert "Traceback" not in checked.err
    return done


def heads(done: Finished) -> list[str]:
    """Each finding as its first two lines: ``rule: message @ file:line:col``."""
    lines = done.err.split("\n")
    found = []
    for line, place in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith(("error[", "warning[")):
            at = (
                place.removeprefix("  --> ").removeprefix("specs/a.yaml:")
                if place.startswith("  --> ")
                else ""
            )
            found.append(line.split("[", 1)[1].replace("]", "", 1) + (f" @ {at}" if at else ""))
    return found


YAML = [
    ("a: [", "yaml/syntax: not valid YAML: a value is missing @ 1:5"),
    (
        "kind: 'Dashboard\ntitle: x\n",
        "yaml/syntax: not valid YAML: the quote `'` that opens here is not closed @ 1:7",
    ),
    ("kind: Dashboard\n\ttitle: x\n", "yaml/syntax: not valid YAML: a tab is used for indentation @ 2:1"),
    ("kind: Dashboard\ntitle: a: b\n", "yaml/syntax: not valid YAML: `: ` cannot stand here @ 2:9"),
    (HEAD + "title: Again\n" + PANEL, "yaml/duplicate-key: `title` is given twice in one mapping @ 4:1"),
    (HEAD + "panels: [{<<: *p}]\n", "yaml/syntax: not valid YAML: this alias has no anchor before it @ 4:15"),
    (
        HEAD + "panels: [&p {title: A, query: up, raw: *p}]\n",
        "yaml/recursion: an alias refers to the value that contains it @ 4:10",
    ),
    (HEAD + "panels: [{<<: [1], title: A}]\n", "yaml/merge: `<<` merges mappings only @ 4:16"),
    (HEAD + "panels: [{title: {{tier}}, query: up}]\n", "yaml/key: a key has to be text @ 4:19"),
    (
        HEAD + "raw: !!python/object/apply:os.system [id]\n",
        "yaml/tag: unknown tag `!!python/object/apply:os.system` @ 4:6",
    ),
    (HEAD + "raw: " + "{a: " * 200 + "1" + "}" * 200, "yaml/depth: more than 100 levels of nesting @ 4:402"),
    (
        HEAD + 'description: "\\0"\n',
        "file/control-character: the text has a control character (U+0000) @ 4:14",
    ),
    (
        HEAD + 'panels: [{title: "\\e[31mred", query: up}]\n',
        "file/control-character: the text has a control character (U+001B) @ 4:18",
    ),
    (b"kind: Dashboard\ntitle: caf\xe9\n", "file/encoding: the file is not UTF-8 text @ 2:11"),
    ("kind: Dashboard\ntitle: x\n".encode("utf-16"), "file/encoding: the file is not UTF-8 text @ 1:1"),
    (
        b"kind: Dashboard\ntitle: a\x00b\n",
        "file/control-character: the file has a control character (U+0000) @ 2:9",
    ),
    (
        b"kind: Dashboard\ntitle: \x1b[31mred\n",
        "file/control-character: the file has a control character (U+001B) @ 2:8",
    ),
    (
        "kind: Dashboard\ntitle: a\u2028b\n",
        "file/control-character: the file has a line separator that is not a line feed (U+2028) @ 2:9",
    ),
    ("- a\n- b\n", "spec/type: a spec has to be a mapping @ 1:1"),
    ("hello", "spec/type: a spec has to be a mapping @ 1:1"),
    ("title: x\n", "spec/kind: `kind` is missing @ 1:1"),
    ("kind: Dashbord\n", "spec/kind: unknown kind `Dashbord` @ 1:7"),
    ("kind: [Dashboard]\n", "spec/kind: unknown kind `['Dashboard']` @ 1:7"),
]


@pytest.mark.parametrize(("text", "finding"), YAML)
def test_text_that_is_no_spec_is_refused_where_it_goes_wrong(
    project: Project, text: str | bytes, finding: str
) -> None:
    project.write("specs/a.yaml", text)
    assert heads(refused(project)) == [finding]


SPECS = [
    ("pannels: []\n" + PANEL, ["spec/unknown-key: unknown key `pannels` @ 4:1"]),
    ("panels: [{titel: A, query: up}]\n", ["spec/unknown-key: unknown key `titel` @ 4:11"]),
    ("tags: x\n" + PANEL, ["spec/type: expected a list, got `x` @ 4:7"]),
    ("editable: yes\n" + PANEL, ["spec/type: expected true or false, got `yes` @ 4:11"]),
    ("editable: on\n" + PANEL, ["spec/type: expected true or false, got `on` @ 4:11"]),
    ("height: 1.5\n" + PANEL, ["spec/type: expected a whole number above 0, got `1.5` @ 4:9"]),
    ("height: 0\n" + PANEL, ["spec/value: expected a whole number above 0, got `0` @ 4:9"]),
    ("panels: [{title: [22], query: up}]\n", ["spec/type: expected text, got a list @ 4:18"]),
    ("panels: {a: 1}\n", ["spec/type: expected a list, got a mapping @ 4:9"]),
    ("panels: [1, null]\n", ["spec/type: expected a mapping, got `1` @ 4:10", "spec/type: expected a mapping, got nothing @ 4:13"]),
    ("datasource: lokki\npanels: [{title: A, query: up}, {title: B, query: up}]\n", ["datasource/unknown: there is no data source `lokki` @ 4:13"]),
    ("panels: [{title: A, query: up, datasource: $ds}]\n", ["datasource/unknown: there is no data source `$ds` @ 4:44"]),
    ("panels: [{use: nope}]\n", ["component/unknown: there is no component `nope` @ 4:16"]),
    ("panels: [{title: A, type: gague, query: up}]\n", ["panel/type: there is no panel type `gague` @ 4:27"]),
    ("panels: [{title: A, query: 'sum(rate(x[5m])'}]\n", ["query/syntax: `(` is never closed @ 4:32"]),
    ("panels: [{title: A, query: 'up{x=\"$nope\"}'}]\n", ["query/variable: there is no variable `$nope` @ 4:35"]),
    ("panels: [{title: A, query: ''}]\n", ["query/empty: the query is empty @ 4:28"]),
    ("panels: [{title: A, query: up, queries: [{query: up}]}]\n", ["query/both: `query` and `queries` are both given @ 4:32"]),
    ("panels: [{title: A, queries: [{query: up}, {math: $B * 2}]}]\n", ["query/ref: an expression cannot use itself @ 4:51"]),
    ("panels: [{title: A, queries: [{query: up}, {reduce: {of: Z}}]}]\n", ["query/ref: there is no query `Z` @ 4:58"]),
    ("panels: [{title: A, query: up, width: 25}]\n", ["panel/width: a width is 1 to 24 columns @ 4:39"]),
    ("panels: [{title: A, query: up, width: ²/²}]\n", ["panel/width: `²/²` is not a width @ 4:39"]),
    ("panels: [{title: A, query: up, height: 9223372036854775807}]\n", ["panel/grid: `A` reaches beyond grid row 1000000 @ 4:10"]),
    ("panels: [{title: A, query: up, height: 99999999999999999999}]\n", ["spec/type: expected a whole number above 0, got the text `99999999999999999999` @ 4:40"]),
    ("panels: [{title: A, query: up, at: {x: 20, y: 0, w: 9, h: 1}}]\n", ["panel/grid: `A` reaches beyond column 24 @ 4:36"]),
    (
        "panels: [{title: A, query: up, at: {x: 0, y: 0, w: 9, h: 9}}, {title: B, query: up, at: {x: 8, y: 8, w: 9, h: 9}}]\n",
        ["panel/overlap: `B` lies over `A` @ 4:89"],
    ),
    ("panels: [{title: A, query: up, thresholds: {red: 1, green: 1}}]\n", ["panel/thresholds: two colours start at the same value @ 4:44"]),
    ("panels: [{key: k, query: up}, {key: k, query: up}]\n", ["panel/key: two panels have the key `k` @ 4:37"]),
    ("variables: [{name: a, query: x}, {name: a, query: y}]\n" + PANEL, ["variable/duplicate: two variables are called `a` @ 4:41"]),
    ("panels: [{title: \"${{ ''.__class__ }}\", query: up}]\n", ["expression/error: in `''.__class__`: `.__class__` is not offered @ 4:18"]),
    ("panels: [{title: '${{ 10 ** 10 ** 10 }}', query: up}]\n", ["expression/error: in `10 ** 10 ** 10`: the power is too large @ 4:18"]),
    ("panels: [{title: \"${{ 'a' * 10**9 }}\", query: up}]\n", ["expression/error: in `'a' * 10**9`: the values are too large for an expression @ 4:18"]),
    (
        "panels: [{for_each: {a: '${{ range(9999) }}', b: '${{ range(9999) }}'}, title: x}]\n",
        ["spec/size: the document expands to more than 1000000 values @ 1:1"],
    ),
    ("folder: ../../etc\n" + PANEL, ["folder/title: `..` cannot be a folder: no leading dot, slash, backslash or invisible character @ 4:9"]),
    ("folder: 'A\\B'\n" + PANEL, ["folder/title: `A\\B` cannot be a folder: no leading dot, slash, backslash or invisible character @ 4:9"]),
    (f"folder: {'x' * 300}\n" + PANEL, ["folder/title: a folder title is longer than 200 bytes @ 4:9"]),
    ("panels: [{title: A, query: '" + "(" * 500_000 + "'}]\n", ["query/size: the query is longer than 100000 characters @ 4:10"]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "findings"), SPECS)
def test_a_dashboard_that_is_wrong_is_refused_where_it_is_wrong(
    project: Project, body: str, findings: list[str]
) -> None:
    project.write("specs/a.yaml", HEAD + body)
    assert heads(refused(project)) == findings


@pytest.mark.parametrize(
    "uid", ["x" * 41, "../../etc/passwd", "a b", "🚀", "a/b", "..", "a.b", "''", '"a\\tb"']
)
def test_a_uid_that_grafana_or_a_file_system_would_mind_is_refused(project: Project, uid: str) -> None:
    project.write("specs/a.yaml", f"kind: Dashboard\nuid: {uid}\ntitle: T\n{PANEL}")
    [found] = heads(refused(project))
    assert "expected a uid (letters, digits, `-` and `_`, at most 40)" in found
    assert found.endswith("@ 2:6")


def test_uids_and_titles_given_twice_are_told_at_both_places(project: Project) -> None:
    project.write("specs/a.yaml", HEAD + PANEL + "---\n" + HEAD + PANEL)
    done = refused(project)
    assert heads(done) == [
        "dashboard/duplicate-uid: two dashboards have the uid `d` @ 7:6",
        "dashboard/duplicate-title: two dashboards have the title `T` in the root folder @ 8:8",
    ]
    assert "the other one is here: specs/a.yaml:2:6" in done.err
    assert "the other one is here: specs/a.yaml:3:8" in done.err


def test_a_missing_folder_and_panel_are_told_where_they_are_named(project: Project) -> None:
    project.write("specs/folder.yaml", "kind: Folder\ntitle: Team\n")
    project.write("specs/a.yaml", HEAD + "folder: Taem\n" + PANEL)
    project.write(
        "specs/alerts.yaml",
        "kind: AlertRules\ngroup: g\nfolder: Team\nrules: [{alert: A, query: up, when: above 3, panel: d/nope}]\n",
    )
    found = heads(refused(project))
    assert found[0] == "folder/unknown: no `Folder` spec defines the folder `Taem` @ 4:9"
    assert "alert/panel: there is no panel `d/nope` @ specs/alerts.yaml:4:53" in found


def test_cyclic_components_are_refused_with_every_use(project: Project) -> None:
    project.write(
        "specs/c.yaml", "kind: Components\ncomponents:\n  a: {panel: {use: b}}\n  b: {panel: {use: a}}\n"
    )
    project.write("specs/a.yaml", HEAD + "panels: [{use: a}]\n")
    done = refused(project)
    assert heads(done) == ["component/cycle: the component `a` uses itself @ specs/c.yaml:4:20"]
    assert done.err.count("used here:") == 2


def test_every_finding_of_every_file_is_told_in_one_run(project: Project) -> None:
    project.write("specs/a.yaml", HEAD + "pannels: 1\npanels: [{title: 3, query: 'sum('}, {titel: x}]\n")
    project.write("specs/b.yaml", "kind: Dashboard\n\ttitle: x\n")
    project.write("specs/c.yaml", b"\xff")
    found = heads(refused(project))
    assert len(found) == 5
    assert found == sorted(
        found, key=lambda one: ("specs/" in one.rpartition("@")[2], one.rpartition("@")[2])
    )


def test_a_data_source_that_cannot_be_read_is_one_finding_and_not_one_for_every_panel(
    project: Project,
) -> None:
    project.write("specs/sources.yaml", "kind: DataSources\ndatasources: [{name: P, tpye: prometheus}]\n")
    project.write("specs/a.yaml", HEAD + "panels: [{title: A, query: up}, {title: B, query: up}]\n")
    assert {one.split(":")[0] for one in heads(refused(project))} == {"spec/unknown-key"}


GOOD = [
    (HEAD + "height: 1e1\npanels: [{title: A, query: up, width: '${{ 24 / 2 }}'}]\n", "d.json"),
    ("", ""),
    ("# only a comment\n", ""),
    ("---\n---\n", ""),
    ("\ufeff" + HEAD + PANEL, "d.json"),
    ((HEAD + PANEL).replace("\n", "\r\n"), "d.json"),
    ("base: &b {title: A, query: up}\n".replace("base: ", "# ") + HEAD + "panels:\n  - &p {title: A, query: up}\n  - {<<: *p, title: B}\n", "d.json"),
    (HEAD.replace("title: T", "title: '\"T'' <b>& {{x}} $a ${b} 🚀 عربي\u202e'") + PANEL, "d.json"),
    (HEAD + "panels: [{title: '🚀 \"quoted\" عربي \u202e', query: up}]\n", "d.json"),
    (HEAD.replace("uid: d\n", "").replace("title: T", "title: ../../etc/passwd") + PANEL, "etc-passwd.json"),
    (HEAD.replace("uid: d\n", "").replace("title: T", "title: 🚀") + PANEL, "efe31a6e.json"),
    (HEAD.replace("uid: d\n", "").replace("title: T", "title: " + "word " * 60) + PANEL, "word-word-word-word-word-word-word-word.json"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "file"), GOOD)
def test_odd_but_right_specs_are_built(project: Project, text: str, file: str) -> None:
    project.write("specs/a.yaml", text)
    done = project.run("build")
    assert (done.code, done.err) == (0, "")
    assert [name for name in project.files() if name.startswith("dashboards/")] == (
        [f"dashboards/{file}"] if file else []
    )


def test_what_could_steer_a_terminal_is_not_printed(project: Project) -> None:
    project.write(
        "specs/a.yaml",
        "kind: Dashboard\nuid: d\ntitle: T\n\u202efoo: \u2066x\npanels: [{title: '\u202eA', type: nope\u202e, query: up}]\n",
    )
    done = refused(project)
    assert not set(done.err) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x1b\x07\r")
    assert "unknown key `\N{REPLACEMENT CHARACTER}foo`" in done.err
