"""``python -m tests.tools.readme_pictures``: draw the README's example in both themes, with `dashgen preview` and Chromium.

The page is that of the YAML in the README, which tests/docs build; the pictures show it without the bar of the page.
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
WIDTH, HEIGHT = 1100, 420
_EXAMPLE = re.compile(r"# file: (specs/dashboards/checkout\.yaml)\n(.*)", re.DOTALL)


def picture(theme: str) -> Path:
    """The picture of a theme."""
    return IMAGES / f"preview-{theme}.png"


def example() -> tuple[str, str]:
    """The path and the text of the spec in the README's first screen."""
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    match = next(match for block in blocks(page) if (match := _EXAMPLE.match(block.text)))
    return match[1], match[2]


def main() -> None:
    """Write both pictures."""
    with TemporaryDirectory() as name:
        project = Path(name, "project")
        write_project(project)
        path, text = example()
        (project / path).write_text(text, encoding="utf-8")
        dashgen = Path(sys.executable).with_name("dashgen")
        subprocess.run([dashgen, "preview", "checkout"], cwd=project, check=True)
        browser = Browser(Path(name, "profile"))
        try:
            for theme in ("dark", "light"):
                with browser.page(WIDTH, HEIGHT) as page:
                    page.scheme(theme)
                    page.open(project / "preview.html")
                    page.settle()
                    page.screenshot(picture(theme))
        finally:
            browser.close()


if __name__ == "__main__":
    main()
