"""``dashgen preview``."""

import sys
from pathlib import Path

from dashgen.cli.commands.preview_options import PreviewArguments
from dashgen.cli.commands.preview_sources import PreviewSources, preview_subject
from dashgen.cli.documents.preview_document import PreviewDocument, PreviewedDashboard
from dashgen.cli.options import Format, ListFormat, finish, usage_error
from dashgen.cli.output import print_json, report
from dashgen.cli.progress_line import Progress
from dashgen.core.diagnostics import arrange
from dashgen.core.files.standalone import replace_file
from dashgen.core.reporters.json_report import reported
from dashgen.formats.panel_tree import drawn_panels
from dashgen.preview.page.page_data import PageIndex
from dashgen.preview.preview_page import preview_page
from dashgen.preview.preview_subject import PreviewSubject
from dashgen.preview.shown_dashboard import ShownDashboard


def preview(arguments: PreviewArguments) -> None:
    """Show the dashboards without a Grafana, as one page that any browser opens.

    The page has everything in it and requests nothing. Its data is made up in the shape of the metric
    contract, or comes from the servers that are named. With --serve it shows changes as specs are saved, and
    every time and every value of a variable.

    Example: dashgen preview mission-control --out preview.html
    """
    if arguments.serving.serve:
        from dashgen.cli.commands.preview_serve import serve_preview  # a server's modules

        serve_preview(arguments)
        return
    if arguments.out.is_dir():
        usage_error(f"`{arguments.out}` is a folder", "name the page, such as `--out preview.html`")
    choice = arguments.view.choice
    subject = preview_subject(arguments)
    with PreviewSources(arguments.data) as sources, Progress() as progress:
        source = sources.of(subject)
        progress.writing(len(subject.dashboards))
        index = PageIndex(subject.title, [], theme=arguments.view.theme.value)
        page = preview_page(subject.dashboards, source, index, choice, progress.step)
    replace_file(arguments.out, page.encode())
    if arguments.open_page:
        import webbrowser  # only here

        webbrowser.open(arguments.out.resolve().as_uri())
    _show([arguments.out], source.name, subject, arguments.output_format)


def _show(files: list[Path], source: str, subject: PreviewSubject, form: ListFormat) -> None:
    findings = arrange(subject.findings)
    if form is ListFormat.JSON:
        print_json(
            PreviewDocument(
                files=[file.as_posix() for file in files],
                source=source,
                dashboards=[_previewed(one) for one in subject.dashboards],
                diagnostics=reported(findings),
            )
        )
    else:
        count = len(subject.dashboards)
        what = f"{count} dashboard{'s' * (count != 1)} on {'' if source == 'sample data' else 'data of '}{source}"
        sys.stdout.write("".join(f"{file}: {what}\n" for file in files))
        report(findings, Format.TEXT, subject.root)
    finish(findings)


def _previewed(dashboard: ShownDashboard) -> PreviewedDashboard:
    count = sum(1 for _ in drawn_panels(dashboard.data.get("panels")))
    return PreviewedDashboard(dashboard.uid, dashboard.title, count)
