"""``python -m tests.tools.readme_pictures``: take the pictures of the README with `dashgen preview` and Chromium.

They show the README's first YAML, which tests/docs build, and the bot's Mission Control, each in both themes. Fonts for
emoji and Inter make them look as on a viewer's machine (Debian: fonts-noto-color-emoji, fonts-inter).
"""

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from dashgen.cli.scaffold import write_project
from tests.docs.examples import ROOT, blocks
from tests.preview.browser import Browser

IMAGES = ROOT / "docs/images"
MOST_BYTES = 300 * 1024
EXAMPLE_SIZE = (1100, 420)
DASHBOARD_SIZE = (1500, 1180)
_EXAMPLE = re.compile(r"# file: (specs/dashboards/checkout\.yaml)\n(.*)", re.DOTALL)


def picture(name: str, theme: str) -> Path:
    """The picture of a page in a theme."""
    return IMAGES / f"{name}-{theme}.png"


def example() -> tuple[str, str]:
    """The path and the text of the spec in the README's first screen."""
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    match = next(match for block in blocks(page) if (match := _EXAMPLE.match(block.text)))
    return match[1], match[2]


def main() -> None:
    """Write all pictures."""
    with TemporaryDirectory() as name:
        project = Path(name, "project")
        write_project(project)
        path, text = example()
        (project / path).write_text(text, encoding="utf-8")
        browser = Browser(Path(name, "profile"))
        try:
            for uid, folder, size in (
                ("checkout", project, EXAMPLE_SIZE),
                ("mission-control", ROOT, DASHBOARD_SIZE),
            ):
                page_file = Path(name, f"{uid}.html")
                dashgen = Path(sys.executable).with_name("dashgen")
                subprocess.run([dashgen, "preview", uid, "--out", page_file], cwd=folder, check=True)
                picture_name = "preview" if uid == "checkout" else uid
                for theme in ("dark", "light"):
                    with browser.page(*size) as page:
                        page.scheme(theme)
                        page.open(page_file)
                        page.settle()
                        page.screenshot(picture(picture_name, theme))
        finally:
            browser.close()


if __name__ == "__main__":
    main()
