"""``dashgen preview``."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from dashgen.cli.commands.preview_options import PreviewArguments
from dashgen.cli.commands.preview_sources import PreviewSources, preview_subject
from dashgen.cli.documents.preview_document import PreviewDocument, PreviewedDashboard
from dashgen.cli.options import Format, ListFormat, finish, usage_error
from dashgen.cli.output import print_json, report
from dashgen.cli.progress_line import Progress
from dashgen.core.diagnostics import has_errors
from dashgen.core.files.standalone import make_folder, replace_file
from dashgen.core.reporters.json_report import reported
from dashgen.formats.panel_tree import drawn_panels
from dashgen.preview.page.page_data import PageIndex
from dashgen.preview.preview_page import preview_page
from dashgen.preview.preview_subject import PreviewSubject
from dashgen.preview.shown_dashboard import ShownDashboard
from dashgen.preview.sources.counted_errors import CountedErrors
from dashgen.preview.sources.panel_source import PanelSource


def preview(arguments: PreviewArguments) -> None:
    """Show the dashboards without a Grafana, as one page that any browser opens.

    The page has everything in it and requests nothing. Its data is made up in the shape of the metric
    contract, or comes from the servers that are named. With --serve it shows changes as specs are saved, and
    every time and every value of a variable.

    Example: dashgen preview mission-control --out preview.html
    """
    _require_one_kind(arguments)
    if arguments.serving.serve:
        from dashgen.cli.commands.preview_serve import serve_preview  # a server's modules

        serve_preview(arguments)
        return
    subject = preview_subject(arguments)
    if not subject.dashboards and has_errors(subject.findings):
        # A page without a dashboard shows nobody what is wrong.
        _show(Previewed([], "", []), subject, arguments)
    differences: list[str] = []
    with PreviewSources(arguments.data) as sources:
        source = CountedErrors(sources.of(subject))
        if arguments.pictures.are_compared:
            from dashgen.cli.commands.preview_pictures import compared_pictures  # PNG and a browser

            files, differences = compared_pictures(arguments, subject, source)
        elif arguments.pictures.are_drawn:
            from dashgen.cli.commands.preview_pictures import write_pictures  # as above

            files = write_pictures(arguments, subject, source)
        else:
            files = [_write_page(arguments, subject, source)]
    if sentence := source.sentence():
        sys.stderr.write(f"{sentence}\n")
    _show(Previewed(files, source.name, differences), subject, arguments)


class Previewed(NamedTuple):
    """What was written, where its data is from, and what looks different from the committed pictures."""

    files: list[Path]
    source: str
    differences: list[str]


def _require_one_kind(arguments: PreviewArguments) -> None:
    """Refuse arguments of which one would be without effect.

    Raises:
        DashgenError: there are such.
    """
    pictures = arguments.pictures
    if pictures.are_compared and arguments.data.has_server:
        usage_error("pictures are compared on sample data, which is the same in every run", "name no server")
    if pictures.check and pictures.update:
        usage_error("`--check` compares and `--update` writes", "give one of them")
    kinds = {"--serve": arguments.serving.serve, "--check": pictures.check, "--update": pictures.update}
    kinds["--svg` and `--png"] = pictures.are_drawn
    first, *others = [*(kind for kind, is_chosen in kinds.items() if is_chosen), ""]
    if others and others[0]:
        usage_error(f"`{first}` and `{others[0]}` do different things", "run them one after the other")
    if pictures.panels and not pictures.are_drawn:
        usage_error("`--panel` is for pictures", "add `--svg DIR` or `--png DIR`")
    for folder in (pictures.svg, pictures.png, pictures.pictures):
        if folder is not None and folder.exists() and not folder.is_dir():
            usage_error(f"`{folder}` is a file", "name a folder for the pictures")
    if arguments.out == Path("-"):
        usage_error(
            "the page is a file, and the terminal shows none", "name it, such as `--out preview.html`"
        )
    if arguments.out.is_dir():
        usage_error(f"`{arguments.out}` is a folder", "name the page, such as `--out preview.html`")


def _write_page(arguments: PreviewArguments, subject: PreviewSubject, source: PanelSource) -> Path:
    choice = arguments.view.choice
    index = PageIndex(subject.title, [], theme=arguments.view.theme.value)
    progress = _progress(len(subject.dashboards))
    page = preview_page(subject.dashboards, source, index, choice, progress)
    make_folder(arguments.out.parent)
    replace_file(arguments.out, page.encode())
    if arguments.open_page:
        import webbrowser  # only here

        webbrowser.open(arguments.out.resolve().as_uri())
    return arguments.out


@contextmanager
def _progress(count: int) -> Iterator[Callable[[], None]]:
    with Progress() as progress:
        progress.writing(count)
        yield progress.step


def _show(previewed: Previewed, subject: PreviewSubject, arguments: PreviewArguments) -> None:
    if arguments.output_format is ListFormat.JSON:
        print_json(
            PreviewDocument(
                files=[file.as_posix() for file in previewed.files],
                source=previewed.source,
                differences=previewed.differences,
                dashboards=[_previewed(one) for one in subject.dashboards],
                diagnostics=reported(subject.findings),
            )
        )
    else:
        _print(previewed, subject, arguments)
        report(subject.findings, Format.TEXT, subject.root)
    finish(subject.findings, differs=bool(previewed.differences))


def _print(previewed: Previewed, subject: PreviewSubject, arguments: PreviewArguments) -> None:
    count = len(subject.dashboards)
    if arguments.pictures.check:
        from dashgen.cli.commands.preview_pictures import print_differences  # imported already

        print_differences(previewed.differences, count, arguments.pictures.pictures)
    elif arguments.pictures.update:
        sys.stdout.write("".join(f"{file}\n" for file in previewed.files) or "all pictures are current\n")
    elif arguments.pictures.are_drawn:
        sys.stdout.write("".join(f"{file}\n" for file in previewed.files))
    elif previewed.files:
        source = previewed.source if previewed.source == "sample data" else f"data of {previewed.source}"
        sys.stdout.write(f"{arguments.out}: {count} dashboard{'s' * (count != 1)} on {source}\n")


def _previewed(dashboard: ShownDashboard) -> PreviewedDashboard:
    count = sum(1 for _ in drawn_panels(dashboard.data.get("panels")))
    return PreviewedDashboard(dashboard.uid, dashboard.title, count)
