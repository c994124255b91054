"""The files of Grafana's source that the fake names, for docs/grafana-compatibility.md.

Usage: python -m tests.grafana.fake_sources; a test compares the list on the page with what the fake names.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs/grafana-compatibility.md"
_FAKE: Final = ROOT / "tests/grafana/fake"
_START: Final = "<!-- written by `python -m tests.grafana.fake_sources` -->\n"
_END: Final = "<!-- end -->\n"
# A file with its folders, a folder, or a file whose folder is named before it.
_SOURCE = re.compile(
    r"\b(?:(?:apps|pkg|public/app|docs/sources|conf)/[\w./*-]*\w|\w[\w-]*\.(?:go|cue|tsx?|ini)\b)"
    r"(?=(?P<rest>.{0,120}))"
)
# The commit that a file was read at, unless another file stands in between.
_COMMIT = re.compile(r"^(?:(?!\.(?:go|cue|tsx?|ini)\b).)*?\b(?P<commit>(?=[a-f]*\d)[0-9a-f]{8,40})\b")


class NamedSource(NamedTuple):
    """A file or folder of Grafana's source, the module of the fake that names it, and its commit if that is named."""

    path: str
    module: str
    commit: str


def named_sources() -> Iterator[NamedSource]:
    """What the modules of the fake name."""
    for module in sorted(_FAKE.glob("*.py")):
        # What is too long for a line goes on in the next one.
        text = re.sub(r"\n\s*#?\s*", " ", module.read_text(encoding="utf-8"))
        for source in _SOURCE.finditer(text):
            commit = _COMMIT.match(source["rest"])
            yield NamedSource(source[0], module.stem, commit["commit"][:8] if commit else "")


def listing() -> str:
    """The list of the page: each file with its commits, and the modules of the fake that follow it."""
    modules: dict[str, set[str]] = {}
    commits: dict[str, set[str]] = {}
    for source in named_sources():
        modules.setdefault(source.path, set()).add(source.module)
        commits.setdefault(source.path, set()).update({source.commit} - {""})
    lines = []
    for path in sorted(modules):
        at = f" at {', '.join(sorted(commits[path]))}" if commits[path] else ""
        lines.append(f"- `{path}`{at}: {', '.join(f'`{name}`' for name in sorted(modules[path]))}\n")
    return "".join(lines)


def with_listing(page: str) -> str:
    """The page with the list as it is to be."""
    before, _, rest = page.partition(_START)
    _, _, after = rest.partition(_END)
    return f"{before}{_START}{listing()}{_END}{after}"


if __name__ == "__main__":
    PAGE.write_text(with_listing(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
