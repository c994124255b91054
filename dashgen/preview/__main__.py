"""``python -m dashgen.preview [--check] [NAME …]``: draw the project's dashboards into docs/images/."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from dashgen.preview.dashboard_pictures import dashboard_picture
from dashgen.preview.sources.sample_source import sample_source
from dashgen.project.inspection import inspect_project

FOLDER = Path("docs/images")


def main(arguments: Sequence[str]) -> int:
    """Write the pictures below the current folder; with ``--check`` only compare those that are there."""
    names = [one for one in arguments if not one.startswith("--")]
    code = 0
    for path, picture in dashboard_pictures(Path(), names):
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(picture, encoding="utf-8")
            sys.stdout.write(f"{path}\n")
        elif path.read_text(encoding="utf-8") != picture:
            sys.stdout.write(f"{path} is not current: run `python -m dashgen.preview`\n")
            code = 1
    return code


def dashboard_pictures(root: Path, names: Sequence[str] = ()) -> Iterator[tuple[Path, str]]:
    """The picture of each built dashboard, with its path.

    Args:
        root: the project's folder.
        names: the names of dashboards' files without their ending; all when there are none.
    """
    source = sample_source(inspect_project(root))
    for built in sorted((root / "generated/dashboards").rglob("*.json")):
        if not names or built.stem in names:
            dashboard = json.loads(built.read_text(encoding="utf-8"))
            picture = dashboard_picture(dashboard, source)
            yield root / FOLDER / f"{built.stem}.svg", f"{picture}\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
