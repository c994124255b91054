"""Check a project with dashgen, and write what a pull request shows of it; run by action.yml.

Annotations go to stdout, the findings of all checks to one SARIF file. What changes is reviewed with pictures; the
comment on it, with what stops the checks and what tests show, is a Markdown file, which is the job's summary too.
Without findings and changes that file is empty.

Environment: DASHGEN is the program, LINT_PRESET and MIN_COVERAGE are options of the checks (empty for none),
BASE is the commit to compare with (empty for none), OUT is the folder for files. GITHUB_OUTPUT and
GITHUB_STEP_SUMMARY are those of GitHub Actions. The current folder is the project's.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

MOST = 60_000
"""Characters of a comment; GitHub refuses more than 65,536."""
COMMENT, WORDS, DOCUMENT = "review.md", "review-in-words.md", "review.json"
"""The files of `dashgen review`: the comment with pictures, the same without them, and all of it as JSON."""
_NO_FINDINGS = "### Findings: none"
_COVERAGE = "\n### Tests"
"""Begins what `dashgen test` has below its findings."""


class Check(NamedTuple):
    """A command, and whether its Markdown is more than findings: then that is what it prints."""

    name: str
    options: tuple[str, ...] = ()
    prints_markdown: bool = False


class Review(NamedTuple):
    """What `dashgen review` wrote to a folder: its comment with and without pictures, and its findings."""

    folder: Path
    comment: str
    words: str
    diagnostics: Sequence[Any]


class CheckResult(NamedTuple):
    """The outcome of a check."""

    name: str
    failed: bool
    sarif: Any
    markdown: str


def main(environment: Mapping[str, str]) -> None:
    """Run all checks and write the files."""
    program, out = environment["DASHGEN"], Path(environment["OUT"])
    out.mkdir(parents=True, exist_ok=True)
    results = [run_check(check, program, out) for check in checks(environment)]
    reviewed = review(program, environment.get("BASE", ""), out, environment.get("LINT_PRESET", ""))
    comment = write_comments(results, reviewed)
    (out / "dashgen.sarif").write_text(
        json.dumps(merged([result.sarif for result in results])), encoding="utf-8"
    )
    failed = ", ".join(result.name for result in results if result.failed)
    with Path(environment.get("GITHUB_STEP_SUMMARY", os.devnull)).open("a", encoding="utf-8") as summary:
        summary.write(comment or "dashgen finds nothing, and nothing changes.\n")
    with Path(environment["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
        outputs.write(f"sarif={out / 'dashgen.sarif'}\nreview={reviewed.folder}\n")
        outputs.write(f"comment={reviewed.folder / COMMENT}\nfailed={failed}\n")
        outputs.write(f"pictures={'true' if list(reviewed.folder.glob('images/*')) else ''}\n")


def checks(environment: Mapping[str, str]) -> list[Check]:
    """The commands, from the quickest to the slowest."""
    preset, coverage = environment.get("LINT_PRESET", ""), environment.get("MIN_COVERAGE", "")
    return [
        Check("validate"),
        Check("build", ("--check",)),
        *([Check("lint", ("--preset", preset))] if preset else []),
        Check("test", ("--min-coverage", coverage) if coverage else (), prints_markdown=True),
    ]


def run_check(check: Check, program: str, out: Path) -> CheckResult:
    """Run a command; its annotations are printed, whatever is in the way of its other files."""
    files = {form: out / f"{check.name}.{form}" for form in ("github", "markdown", "sarif")}
    for file in files.values():
        file.unlink(missing_ok=True)
    printed, filed = ("markdown", "github") if check.prints_markdown else ("github", "markdown")
    reports = [f"--report={form}={files[form]}" for form in (filed, "sarif")]
    command = [program, check.name, *check.options, f"--format={printed}", "--fail-on=error", *reports]
    done = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=False)
    texts = {printed: done.stdout, filed: _text(files[filed])}
    sys.stdout.write(texts["github"])
    sys.stdout.flush()
    if not files["sarif"].exists():
        # It ended before there were findings: its own words are in the log, above this line.
        sys.stdout.write(f"::error title=dashgen {check.name}::it ended with exit code {done.returncode}\n")
        texts["markdown"] = (
            f"### Findings: {check.name} ended with exit code {done.returncode}; see the log\n"
        )
    sarif = json.loads(_text(files["sarif"]) or "null")
    return CheckResult(check.name, done.returncode != 0, sarif, texts["markdown"])


def review(program: str, base: str, out: Path, preset: str) -> Review:
    """What changes since a commit, in a folder; nothing without a commit."""
    folder = out / "review"
    shutil.rmtree(folder, ignore_errors=True)
    if not base:
        return Review(folder, "", "", [])
    has_commit = subprocess.run(
        ["git", "cat-file", "-e", f"{base}^{{commit}}"], capture_output=True, check=False
    )
    if has_commit.returncode:
        # A checkout of GitHub Actions has one commit only.
        fetch = ["git", "fetch", "--quiet", "--no-tags", "--depth=1", "origin", base]
        subprocess.run(fetch, check=False)
    command = [program, "review", "--against", base, "--out", str(folder), "--fail-on=never"]
    command += ["--preset", preset] if preset else []
    done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
        text = "### Review: not made; see the log\n"
        return Review(folder, text, text, [])
    diagnostics = json.loads(_text(folder / DOCUMENT))["diagnostics"]
    return Review(folder, _text(folder / COMMENT), _text(folder / WORDS), diagnostics)


def write_comments(results: Sequence[CheckResult], reviewed: Review) -> str:
    """Write the comment with pictures and the one without beside the review; the latter is returned.

    Both have what stops the checks above the review, and below it what the tests show. They are empty without
    findings and changes, whatever else a check prints.
    """
    failures = [
        _findings(result)
        for result in _without_repetitions(results)
        if result.failed and not _is_in_review(result, reviewed)
    ]
    top = "\n".join(fitting("\n".join(filter(None, failures)).splitlines()))
    tests = "\n".join(filter(None, map(_coverage, results)))
    reviewed.folder.mkdir(parents=True, exist_ok=True)
    written = ""
    for name, text in ((COMMENT, reviewed.comment), (WORDS, reviewed.words)):
        parts = [part.strip() for part in (top, text) if part.strip()]
        if parts and tests and sum(map(len, parts)) + len(tests) < MOST:
            parts.append(tests.strip())
        written = "\n\n".join(parts) + "\n" if parts else ""
        (reviewed.folder / name).write_text(written, encoding="utf-8")
    return written


def _is_in_review(result: CheckResult, reviewed: Review) -> bool:
    """Whether the review shows every finding of a check."""
    shown = {
        (one["rule"], one["location"]["file"], one["location"].get("line"))
        for one in reviewed.diagnostics
        if one["location"]
    }

    def is_shown(one: Any) -> bool:
        places = [place["physicalLocation"] for place in one.get("locations", ())]
        return bool(places) and any(
            one["ruleId"] == rule
            and places[0]["artifactLocation"]["uri"].endswith(file)
            and places[0].get("region", {}).get("startLine") == line
            for rule, file, line in shown
        )

    findings = _results(result.sarif)
    return bool(findings) and all(map(is_shown, findings))


def _without_repetitions(results: Sequence[CheckResult]) -> Iterator[CheckResult]:
    """The results without those whose findings are all shown: an error in a spec is found by every check."""
    shown: set[str] = set()
    for result in results:
        results_as_text = {json.dumps(one, sort_keys=True) for one in _unnumbered(result.sarif)}
        if not results_as_text or results_as_text - shown:
            yield result
        shown |= results_as_text


def _findings(result: CheckResult) -> str:
    """The findings of a check under its name; empty without any."""
    findings = result.markdown.partition(_COVERAGE)[0]
    if findings.startswith(_NO_FINDINGS):
        return ""
    return findings.replace("### Findings:", f"### `dashgen {result.name}`:", 1)


def _coverage(result: CheckResult) -> str:
    """What the tests show, folded; empty for other checks."""
    _, heading, tables = result.markdown.partition(_COVERAGE)
    if not heading:
        return ""
    return (
        f"<details>\n<summary>Tests of alerts</summary>\n\n{heading.strip()}{tables.rstrip()}\n\n</details>\n"
    )


def fitting(lines: Sequence[str]) -> Iterator[str]:
    """The lines that fit into a comment; what is folded is closed."""
    left, depth = MOST, 0
    for number, line in enumerate(lines):
        left -= len(line) + 1
        if left < 0:
            yield from ["", "</details>"] * depth
            yield f"\n… and {len(lines) - number} more lines; see the job's log."
            return
        depth += (line == "<details>") - (line == "</details>")
        yield line


def merged(logs: Sequence[Any]) -> Any:
    """One SARIF log with one run: GitHub refuses several runs of one tool in an upload."""
    known = [log for log in logs if log]
    if not known:
        return {"version": "2.1.0", "runs": []}
    first = known[0]
    rules: dict[str, Any] = {}
    results: list[Any] = []
    for log in known:
        rules |= {rule["id"]: rule for rule in log["runs"][0]["tool"]["driver"]["rules"]}
        results += _results(log)
    driver = {**first["runs"][0]["tool"]["driver"], "rules": [rules[name] for name in sorted(rules)]}
    indices = {name: index for index, name in enumerate(sorted(rules))}
    numbered = [{**result, "ruleIndex": indices[result["ruleId"]]} for result in results]
    unique = {json.dumps(result, sort_keys=True): result for result in numbered}
    run = {**first["runs"][0], "tool": {"driver": driver}, "results": list(unique.values())}
    return {**first, "runs": [run]}


def _results(log: Any) -> list[Any]:
    results: list[Any] = log["runs"][0]["results"] if log else []
    return results


def _unnumbered(log: Any) -> list[Any]:
    """The results without what differs in each log: the number of their rule."""
    return [{key: value for key, value in result.items() if key != "ruleIndex"} for result in _results(log)]


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


if __name__ == "__main__":
    main(os.environ)
