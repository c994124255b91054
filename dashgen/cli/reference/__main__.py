"""``python -m dashgen.cli.reference [--check]``: write or check docs/reference/ and the table of commands."""

import sys
from pathlib import Path

from dashgen.cli import known_answers
from dashgen.cli.command_descriptions import DESCRIPTIONS as DESCRIPTIONS_FILE
from dashgen.cli.reference.command_table import command_descriptions, command_table
from dashgen.cli.reference.pages import reference_pages
from dashgen.cli.reference.skill_page import skill_text

FOLDER = Path("docs/reference")
SKILL = Path("docs/skill/SKILL.md")
TABLE = Path(known_answers.__file__).with_name(known_answers.TABLE)
DESCRIPTIONS = Path(known_answers.__file__).with_name(DESCRIPTIONS_FILE)


def main(arguments: list[str]) -> int:
    """Write the reference below the current folder; with ``--check`` only compare."""
    pages = reference_pages()
    stale = [name for name, text in pages.items() if _read(FOLDER / name) != text]
    files = sorted(path for path in FOLDER.rglob("*") if path.suffix in {".md", ".svg"})
    written = (path.relative_to(FOLDER).as_posix() for path in files)
    obsolete = [name for name in written if name not in pages]
    if "--check" in arguments:
        for name in [*stale, *obsolete]:
            sys.stdout.write(f"{FOLDER / name} is not current\n")
        if stale or obsolete:
            sys.stderr.write("run `python -m dashgen.cli.reference` and commit the result\n")
        tables = [path.name for path, text in _tables().items() if _read(path) != text]
        sys.stdout.write("".join(f"{name} is not current\n" for name in tables))
        return 1 if stale or obsolete or tables else 0
    for path, text in _tables().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_text(pages[name], encoding="utf-8")
    for name in obsolete:
        (FOLDER / name).unlink()
    sys.stdout.write(f"{FOLDER}: {len(pages)} pages, {len(stale)} written, {len(obsolete)} removed\n")
    return 0


def _tables() -> dict[Path, str]:
    """The other files that are written: two of the package, and the skill for agents."""
    return {TABLE: command_table(), DESCRIPTIONS: command_descriptions(), SKILL: skill_text()}


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
