"""``dashgen review``."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

from dashgen.cli.connection_options import Quiet
from dashgen.cli.options import Environment, Format, LeastFailure, ProjectFolder, finish, usage_error
from dashgen.cli.output import rendered
from dashgen.cli.parameters import Option
from dashgen.cli.progress_line import Progress
from dashgen.core.files.standalone import replace_file
from dashgen.project.build import find_root
from dashgen.review.panel_pictures import PictureOptions
from dashgen.review.picture_files import PictureWriter, can_draw_png
from dashgen.review.render.review_markdown import CommentOptions, headline, render_review
from dashgen.review.render.review_page import review_page
from dashgen.review.review_files import IMAGES, write_review
from dashgen.review.review_project import review_project

if TYPE_CHECKING:
    from dashgen.review.review import Review


class ReviewFormat(StrEnum):
    """Output formats of a review."""

    MARKDOWN = "markdown"
    JSON = "json"


class PictureTheme(StrEnum):
    """Grafana's themes."""

    DARK = "dark"
    LIGHT = "light"


Against = Annotated[
    str,
    Option("--against", "-a", metavar="REF", help="The revision that the branch is to be merged into."),
]
Out = Annotated[
    Path | None,
    Option("--out", "-o", metavar="DIR", help="Write review.md, review.json and the pictures there."),
]
ImagesUrl = Annotated[
    str,
    Option(
        "--images-url",
        metavar="URL",
        help="Where the pictures of `--out` will be; default: `images`, beside review.md.",
    ),
]
Html = Annotated[
    Path | None, Option("--html", metavar="FILE", help="Write one page that has the pictures in it.")
]
Include = Annotated[
    list[Path] | None,
    Option("--include", metavar="FILE", help="Put this Markdown below the review; may be repeated."),
]
Pictures = Annotated[int, Option("--pictures", min=0, metavar="NUMBER", help="Draw at most so many panels.")]
Theme = Annotated[PictureTheme, Option("--theme", help="Grafana's theme in the pictures.")]


class ReviewOptions(NamedTuple):
    """What is reviewed, and what is written."""

    against: Against = ""
    project: ProjectFolder = Path()
    env: Environment = None
    out: Out = None
    images_url: ImagesUrl = ""
    html: Html = None
    include: Include = None
    pictures: Pictures = 40
    theme: Theme = PictureTheme.DARK
    fail_on: LeastFailure = None
    quiet: Quiet = False
    output_format: Annotated[ReviewFormat, Option("--format", "-f", help="Output format.")] = (
        ReviewFormat.MARKDOWN
    )


def review(options: ReviewOptions) -> None:
    """Describe what a branch changes, for those who review it.

    One comment: what changes in words, the changed panels before and after as pictures on sample data,
    findings on changed lines, who is notified of changed alerts and what their tests show, the cost of
    queries, and what else is touched. Nothing is printed when nothing changes. Exit with 1 if one of these
    findings is an error.

    Example: dashgen review --against origin/main --out review
    """
    if not options.against:
        usage_error("there is nothing to compare with", "name a revision: `--against origin/main`")
    with Progress(quiet=options.quiet) as progress:
        progress.begin("comparing and drawing")
        result = review_project(options.project, options.against, options.env, _picture_options(options))
    root = find_root(options.project)
    _write(result, options, root)
    finish(result.findings, fail_on=options.fail_on)


def _picture_options(options: ReviewOptions) -> PictureOptions | None:
    """How panels are drawn; None when nobody wants pictures."""
    if not options.pictures or not (options.out or options.html):
        return None
    return PictureOptions(PictureWriter(as_png=can_draw_png()), options.theme.value, options.pictures)


def _write(result: "Review", options: ReviewOptions, root: Path) -> None:
    from dashgen.cli.documents.review_document import review_document  # only with a result
    from dashgen.core.reporters.json_report import document_text

    findings = rendered(result.findings, Format.MARKDOWN, root) if result.findings else ""
    included = "\n\n".join(path.read_text(encoding="utf-8").strip() for path in options.include or ())
    base = options.images_url.rstrip("/") or IMAGES
    comment = CommentOptions(lambda name: f"{base}/{name}", findings=findings, included=included)
    if options.out is not None:
        document = document_text(review_document(result))
        write_review(options.out, render_review(result, comment), document, result.pictures)
    if options.html is not None:
        inline = CommentOptions(str, most=sys.maxsize, findings=findings, included=included)
        page = review_page(f"Review: {headline(result)}", render_review(result, inline), result.pictures)
        replace_file(options.html, page.encode("utf-8", "replace"))
    if options.output_format is ReviewFormat.JSON:
        sys.stdout.write(document_text(review_document(result)))
    else:
        sys.stdout.write(render_review(result, comment))
