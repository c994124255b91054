"""``python -m dashgen.cli.reference [--check]``: write or check docs/reference/ and the table of commands."""

import sys
from pathlib import Path

from dashgen.cli import known_answers
from dashgen.cli.reference.command_table import command_table
from dashgen.cli.reference.pages import reference_pages

FOLDER = Path("docs/reference")
TABLE = Path(known_answers.__file__).with_name(known_answers.TABLE)


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
        if _read(TABLE) != command_table():
            sys.stdout.write(f"{TABLE.name} is not current\n")
            return 1
        return 1 if stale or obsolete else 0
    TABLE.write_text(command_table(), encoding="utf-8")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_text(pages[name], encoding="utf-8")
    for name in obsolete:
        (FOLDER / name).unlink()
    sys.stdout.write(f"{FOLDER}: {len(pages)} pages, {len(stale)} written, {len(obsolete)} removed\n")
    return 0


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
