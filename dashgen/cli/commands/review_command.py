"""``dashgen review``."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

from msgspec.structs import replace

from dashgen.cli.commands.lint_command import PresetOption
from dashgen.cli.connection_options import Quiet
from dashgen.cli.options import Environment, Format, LeastFailure, ProjectFolder, finish, usage_error
from dashgen.cli.output import rendered
from dashgen.cli.parameters import Option
from dashgen.cli.progress_line import Progress
from dashgen.cli.project_places import repository_of
from dashgen.core.diagnostics import Diagnostic
from dashgen.core.diagnostics.frame import clean
from dashgen.core.files.standalone import make_folder, replace_file
from dashgen.project.build import find_root
from dashgen.review.panel_pictures import PictureOptions
from dashgen.review.picture_files import PictureWriter, can_draw_png
from dashgen.review.render.review_markdown import MOST, CommentOptions, headline, render_review
from dashgen.review.render.review_page import review_page
from dashgen.review.review_files import IMAGES, WrittenReview, write_review
from dashgen.review.review_project import ReviewRequest, review_project

if TYPE_CHECKING:
    from dashgen.review.review import Review
    from dashgen.servers.forge import ReviewThread

_LONGER_ADDRESS: Final = 160


class ReviewFormat(StrEnum):
    """Output formats of a review."""

    MARKDOWN = "markdown"
    JSON = "json"


class CodeHost(StrEnum):
    """The code hosts that reviews are posted to."""

    GITHUB = "github"
    GITLAB = "gitlab"


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


Post = Annotated[
    CodeHost | None,
    Option(
        "--post",
        help="Post the review as the one comment of the CI job's pull request or merge request; without "
        "`--against`, the review in the folder of `--out`.",
    ),
]


class ReviewOptions(NamedTuple):
    """What is reviewed, and what is written."""

    against: Against = ""
    project: ProjectFolder = Path()
    env: Environment = None
    out: Out = None
    images_url: ImagesUrl = ""
    html: Html = None
    include: Include = None
    preset: PresetOption = None
    pictures: Pictures = 40
    theme: Theme = PictureTheme.DARK
    fail_on: LeastFailure = None
    quiet: Quiet = False
    post: Post = None
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
    if not options.against and not (options.post and options.out):
        usage_error("there is nothing to compare with", "name a revision: `--against origin/main`")
    # What a job lacks for a comment is known before the work for it.
    thread = _thread(options.post) if options.post is not None else None
    with _review_folder(options) as folder:
        findings = _reviewed(options._replace(out=folder)) if options.against else []
        if thread is not None and folder is not None:
            _post(folder, thread, options)
    finish(findings, fail_on=options.fail_on)


@contextmanager
def _review_folder(options: ReviewOptions) -> Iterator[Path | None]:
    """The folder of the review; one that is only posted has none that stays."""
    if options.out is not None or options.post is None:
        yield options.out
        return
    with TemporaryDirectory(prefix="dashgen-review-") as folder:
        yield Path(folder)


def _reviewed(options: ReviewOptions) -> list[Diagnostic]:
    """Review, and write what is wanted; the findings that count."""
    with Progress(quiet=options.quiet) as progress:
        progress.begin("comparing and drawing")
        request = ReviewRequest(options.against, options.env, options.preset, _picture_options(options))
        result = review_project(options.project, request)
    _write(result, options, find_root(options.project))
    return list(result.findings)


def _thread(host: CodeHost) -> "ReviewThread":
    """The comments of the CI job's pull request or merge request.

    Raises:
        DashgenError: the environment does not tell which.
    """
    from dashgen.servers.forge import github_pull_request, gitlab_merge_request  # clients, only to post

    return (github_pull_request if host is CodeHost.GITHUB else gitlab_merge_request)(os.environ)


def _post(folder: Path, thread: "ReviewThread", options: ReviewOptions) -> None:
    from dashgen.review.post_review import marker_of, post_review  # clients, as above

    host = options.post or CodeHost.GITHUB
    marker = marker_of(_project_in_repository(options.project))
    posted = post_review(folder, thread, marker, MOST[host.value])
    for warning in posted.warnings:
        prefix = "::warning title=dashgen::" if host is CodeHost.GITHUB else "warning: "
        sys.stderr.write(f"{prefix}{clean(warning)}\n")
    if posted.outcome:
        sys.stderr.write(f"the comment: {posted.outcome}\n")


def _project_in_repository(project: Path) -> str:
    """The project's folder in its repository; `.` for the repository itself."""
    root = find_root(project)
    return root.relative_to(repository_of(root)).as_posix()


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
    most = MOST[(options.post or CodeHost.GITHUB).value]
    if not options.images_url:
        # A code host gives them longer addresses.
        most -= _LONGER_ADDRESS * len(result.pictures)
    comment = CommentOptions(lambda name: f"{base}/{name}", most, findings, included)
    if options.out is not None:
        plain = render_review(result, replace(comment, with_pictures=False))
        texts = WrittenReview(render_review(result, comment), plain, document_text(review_document(result)))
        write_review(options.out, texts, result.pictures)
    if options.html is not None:
        inline = CommentOptions(str, most=sys.maxsize, findings=findings, included=included)
        page = review_page(f"Review: {headline(result)}", render_review(result, inline), result.pictures)
        make_folder(options.html.parent)
        replace_file(options.html, page.encode("utf-8", "replace"))
    if options.output_format is ReviewFormat.JSON:
        sys.stdout.write(document_text(review_document(result)))
    else:
        sys.stdout.write(render_review(result, comment))
