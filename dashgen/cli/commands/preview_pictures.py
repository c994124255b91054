"""``dashgen preview --svg``, ``--png`` and ``--check``: pictures of dashboards and panels."""

import shlex
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from dashgen.cli.commands.preview_options import PreviewArguments
from dashgen.cli.options import usage_error
from dashgen.cli.progress_line import Progress
from dashgen.cli.unchanged_build import shown_folder
from dashgen.core.errors import DashgenError
from dashgen.core.files.standalone import make_folder, replace_file
from dashgen.drawing.fields.themes import THEMES
from dashgen.drawing.png import png
from dashgen.preview.browser_pictures import browser_program, page_png
from dashgen.preview.compare_pictures import picture_differences
from dashgen.preview.drawn_pictures import DrawnPicture, PictureChoice, drawn_pictures
from dashgen.preview.page.page_data import PageIndex
from dashgen.preview.page_views import ViewChoice
from dashgen.preview.preview_page import preview_page
from dashgen.preview.preview_subject import PreviewSubject
from dashgen.preview.sources.panel_source import PanelSource

_NEITHER = (
    "pictures as PNG need resvg or Chromium, and neither is here: run `pip install -e '.[pictures]'` in the "
    "checkout of dashgen, or install Debian's package `chromium`; `--svg` needs none of them"
)


_NO_TEXT = "\0"
"""Stands for a file that is no text, and so no picture."""


def write_pictures(
    arguments: PreviewArguments, subject: PreviewSubject, source: PanelSource
) -> list[Path]:  # fmt: skip
    """Write the pictures that the arguments ask for; gives their paths.

    Raises:
        DashgenError: a panel is not there, or there is nothing to draw with.
    """
    choice = _choice(arguments)
    options = arguments.pictures
    draws_in_browser = options.png is not None and _draws_in_browser(arguments)
    written: list[Path] = []
    with Progress() as progress, tempfile.TemporaryDirectory(prefix="dashgen-preview-") as temporary:
        page = Path(temporary, "page.html")
        if draws_in_browser:
            _write_page(page, subject, source, choice)
        pictures = list(drawn_pictures(subject.dashboards, source, choice))
        progress.writing(len(pictures))
        for picture in pictures:
            if options.svg is not None:
                written.append(_write(options.svg, f"{picture.name}.svg", f"{picture.svg}\n".encode()))
            if options.png is not None:
                content = (
                    page_png(page, picture.address, picture.window)
                    if draws_in_browser
                    else png(picture.svg, options.scale)
                )
                written.append(_write(options.png, f"{picture.name}.png", content))
            progress.step()
    return written


def _choice(arguments: PreviewArguments) -> PictureChoice:
    view = arguments.view.choice
    if len(view.ranges) > 1:
        usage_error("a picture shows one time range", "name only one `--range`")
    time = view.ranges[0] if view.ranges else ("", "")
    theme = "light" if arguments.view.theme.value == "light" else "dark"
    return PictureChoice(arguments.pictures.panels or (), view.variables, time, THEMES[theme].name)


def _draws_in_browser(arguments: PreviewArguments) -> bool:
    if arguments.pictures.browser is not None:
        return True
    if find_spec("resvg_py") is not None:
        return False
    if browser_program() is None:
        raise DashgenError(_NEITHER)
    return True


def _write_page(path: Path, subject: PreviewSubject, source: PanelSource, choice: PictureChoice) -> None:
    ranges = [choice.time] if choice.time != ("", "") else []
    views = ViewChoice(ranges, choice.variables, most_values=0)
    html = preview_page(subject.dashboards, source, PageIndex(subject.title, []), views)
    path.write_text(html, encoding="utf-8")


def _write(folder: Path, name: str, content: bytes) -> Path:
    make_folder(folder)
    replace_file(folder / name, content)
    return folder / name


def compared_pictures(
    arguments: PreviewArguments, subject: PreviewSubject, source: PanelSource
) -> tuple[list[Path], list[str]]:
    """Compare the pictures of a project with those that are committed, or write them.

    Returns:
        The pictures that were written, and a sentence for each difference.

    Raises:
        DashgenError: no folder is named.
    """
    folder = _folder(arguments, subject)
    choice = _choice(arguments)
    with Progress() as progress:
        progress.writing(len(subject.dashboards))
        drawn: list[DrawnPicture] = []
        for picture in drawn_pictures(subject.dashboards, source, choice):
            drawn.append(picture)
            progress.step()
    if arguments.pictures.update:
        changed = [one for one in drawn if _committed(folder, one) != f"{one.svg}\n"]
        return [_write(folder, f"{one.name}.svg", f"{one.svg}\n".encode()) for one in changed], []
    return [], list(_differences(folder, drawn))


def _folder(arguments: PreviewArguments, subject: PreviewSubject) -> Path:
    if arguments.pictures.pictures is not None:
        return arguments.pictures.pictures
    folder = subject.inspection.workspace.project.preview.pictures if subject.inspection else ""
    if not folder:
        usage_error(
            "no folder of pictures is named",
            "give `--pictures DIR`, or write `preview: {pictures: DIR}` in dashgen.yaml",
        )
    return Path(shown_folder(str(subject.root / folder)))


def _committed(folder: Path, picture: DrawnPicture) -> str | None:
    path = folder / f"{picture.name}.svg"
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        return _NO_TEXT


def _differences(folder: Path, drawn: Sequence[DrawnPicture]) -> Iterator[str]:
    for picture in drawn:
        name = f"{picture.name}.svg"
        committed = _committed(folder, picture)
        if committed is None:
            yield f"{folder / name}: there is no such picture yet"
        elif committed != f"{picture.svg}\n":
            for sentence in _sentences(committed, picture.svg):
                yield f"{folder / name}: {sentence}"


def _sentences(committed: str, drawn: str) -> list[str]:
    try:
        return picture_differences(committed, drawn)
    except DashgenError as error:
        # One damaged file hides no difference of the others.
        return [str(error)]


def print_differences(differences: Sequence[str], count: int, folder: Path | None) -> None:
    """Print what `--check` found in so many pictures.

    Args:
        differences: a sentence for each.
        count: of the pictures that were compared.
        folder: theirs, where an option names it.
    """
    for line in differences:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
    if differences:
        option = "" if folder is None else f" --pictures {shlex.quote(str(folder))}"
        sys.stderr.write(f"look at them, then run `dashgen preview --update{option}` and commit the result\n")
    else:
        sys.stdout.write(f"{count} picture{'s look' if count != 1 else ' looks'} as committed\n")
