"""``python -m dashgen.cli.reference [--check]``: write docs/reference/, or say whether it is current."""

import sys
from pathlib import Path

from dashgen.cli.reference.pages import reference_pages

FOLDER = Path("docs/reference")


def main(arguments: list[str]) -> int:
    """Write the reference below the current folder; with ``--check`` only compare."""
    pages = reference_pages()
    stale = [name for name, text in pages.items() if _read(FOLDER / name) != text]
    gone = [path.name for path in sorted(FOLDER.glob("*.md")) if path.name not in pages]
    if "--check" in arguments:
        for name in [*stale, *gone]:
            sys.stdout.write(f"{FOLDER / name} is not current\n")
        if stale or gone:
            sys.stderr.write("run `python -m dashgen.cli.reference` and commit the result\n")
        return 1 if stale or gone else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (FOLDER / name).write_text(pages[name], encoding="utf-8")
    for name in gone:
        (FOLDER / name).unlink()
    sys.stdout.write(f"{FOLDER}: {len(pages)} pages, {len(stale)} written, {len(gone)} removed\n")
    return 0


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
