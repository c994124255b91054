"""Options of ``dashgen preview``, and what they stand for."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, NamedTuple

from dashgen.cli.commands.server_options import Patience, ServerOptions
from dashgen.cli.connection_options import CertificateOptions, Url
from dashgen.cli.options import (
    Environment,
    ListFormat,
    ListOutputFormat,
    ProjectFolder,
    usage_error,
)
from dashgen.cli.parameters import Argument, Option
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.doctor.live.query_moments import moment
from dashgen.doctor.live.time_window import utc_now
from dashgen.preview.page_views import ViewChoice

_LENGTH: Final = lazy_pattern(r"\d+[smhdwMy]")


class PageTheme(StrEnum):
    """Themes; `auto` is that of the reader's system."""

    AUTO = "auto"
    DARK = "dark"
    LIGHT = "light"


Names = Annotated[
    list[str] | None,
    Argument(
        metavar="[UID|FILE]...",
        help="Only these dashboards of the project, or files and folders of Grafana's JSON; default: all of "
        "the project.",
        completion="panel_paths",
    ),
]
Out = Annotated[Path, Option("--out", "-o", metavar="FILE", help="The page to write.")]
OpensPage = Annotated[bool, Option("--open", help="Open the page in the browser.")]
IsSample = Annotated[
    bool, Option("--sample", help="Make the data up from the metric contract, which is the default.")
]
Now = Annotated[
    str, Option("--now", metavar="TIME", help="The present: a time such as `2026-11-30T12:00:00Z`, or `now`.")
]
Ranges = Annotated[
    list[str] | None,
    Option(
        "--range",
        metavar="RANGE",
        help="Have this time range in the page too, such as `24h` or `now-7d..now-1d`; may be repeated.",
    ),
]
VariableValues = Annotated[
    list[str] | None,
    Option(
        "--var",
        metavar="NAME=VALUE",
        help="Open dashboards with this value of a variable; may be repeated, also for several values of one.",
    ),
]
ThemeChoice = Annotated[PageTheme, Option("--theme", help="The theme of the page or the pictures.")]


IsServed = Annotated[
    bool, Option("--serve", help="Serve the page on this machine, and draw it anew as specs are saved.")
]
Port = Annotated[
    int, Option("--port", min=0, max=65535, help="The port to serve on; 0 for any that is free.")
]


class PreviewServing(NamedTuple):
    """Whether the page has a server behind it."""

    serve: IsServed = False
    port: Port = 4747


class BrowserName(StrEnum):
    """Browsers that draw pictures."""

    CHROMIUM = "chromium"


SvgFolder = Annotated[
    Path | None,
    Option("--svg", metavar="DIR", help="Write a picture of each dashboard as SVG into this folder."),
]
PngFolder = Annotated[
    Path | None,
    Option(
        "--png",
        metavar="DIR",
        help="Write a picture of each dashboard as PNG into this folder, by resvg, or by Chromium without it.",
    ),
]
Panels = Annotated[
    list[str] | None,
    Option(
        "--panel",
        metavar="UID/PANEL",
        help="Draw this panel instead of whole dashboards; may be repeated.",
        completion="panel_paths",
    ),
]
Scale = Annotated[
    float, Option("--scale", min=0.1, max=8, help="Pixels of a PNG for each pixel of the page.")
]
DrawnBy = Annotated[
    BrowserName | None, Option("--browser", help="Draw PNG with this browser instead of resvg.")
]
IsChecked = Annotated[
    bool,
    Option(
        "--check",
        help="Compare the dashboards with the pictures in `--pictures`, say what looks different, and exit with 1 "
        "if anything does.",
    ),
]
IsUpdated = Annotated[bool, Option("--update", help="Write the pictures that `--check` compares with.")]
PicturesFolder = Annotated[
    Path | None,
    Option(
        "--pictures",
        metavar="DIR",
        help="The folder of these pictures; default: `preview.pictures` of dashgen.yaml.",
    ),
]


class PreviewPictures(NamedTuple):
    """Pictures that are written or compared instead of a page."""

    svg: SvgFolder = None
    png: PngFolder = None
    panels: Panels = None
    scale: Scale = 1.0
    browser: DrawnBy = None
    check: IsChecked = False
    update: IsUpdated = False
    pictures: PicturesFolder = None

    @property
    def are_drawn(self) -> bool:
        """Whether there are pictures instead of a page."""
        return self.svg is not None or self.png is not None

    @property
    def are_compared(self) -> bool:
        """Whether the pictures of the project are compared or written."""
        return self.check or self.update


class PreviewData(NamedTuple):
    """Where the data is from."""

    sample: IsSample = False
    servers: ServerOptions = ServerOptions()
    url: Url = ""
    now: Now = ""
    timeout: Patience = 30.0
    certificates: CertificateOptions = CertificateOptions()

    @property
    def has_server(self) -> bool:
        """Whether a server is named; the environment alone makes no preview a live one."""
        return bool(self.url or any(self.servers))

    def now_ms(self, default: int) -> int:
        """The present in milliseconds since 1970.

        Args:
            default: it, where no option says otherwise.

        Raises:
            DashgenError: the option is no time.
        """
        if not self.now:
            return default
        at = moment(self.now, utc_now())
        if at is None:
            usage_error(f"`{self.now}` is no time", "write for example `2026-11-30T12:00:00Z`, or `now`")
        return round(at.timestamp() * 1000)


class PreviewView(NamedTuple):
    """How the dashboards are looked at."""

    ranges: Ranges = None
    variables: VariableValues = None
    theme: ThemeChoice = PageTheme.AUTO

    @property
    def choice(self) -> ViewChoice:
        """The ranges and values of variables.

        Raises:
            DashgenError: one of them cannot be read.
        """
        return ViewChoice([time_range(one) for one in self.ranges or ()], chosen_values(self.variables or ()))


class PreviewArguments(NamedTuple):
    """What is shown, and how."""

    names: Names = None
    out: Out = Path("preview.html")
    open_page: OpensPage = False
    data: PreviewData = PreviewData()
    view: PreviewView = PreviewView()
    serving: PreviewServing = PreviewServing()
    pictures: PreviewPictures = PreviewPictures()
    project: ProjectFolder = Path()
    env: Environment = None
    output_format: ListOutputFormat = ListFormat.TEXT


def time_range(written: str) -> tuple[str, str]:
    """A time range as Grafana writes its start and end.

    Raises:
        DashgenError: it is none.
    """
    start, dots, end = (f"now-{written}" if _LENGTH.fullmatch(written) else written).partition("..")
    if not dots and start.startswith("now-"):
        end = "now"
    now = utc_now()
    begins, ends = moment(start, now), moment(end, now, end=True)
    if begins is None or ends is None:
        usage_error(f"`{written}` is no time range", "write for example `24h`, or `now-7d..now-1d`")
    if begins >= ends:
        usage_error(
            f"the time range `{written}` does not end after it begins", "write its earlier time first"
        )
    return start, end


def chosen_values(assignments: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The values of variables by name; `All` stands for all of them.

    Raises:
        DashgenError: one is not NAME=VALUE.
    """
    values: dict[str, tuple[str, ...]] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not (name and equals):
            usage_error(f"`{assignment}` is no value of a variable", "write for example `--var tier=pro`")
        values[name] = (*values.get(name, ()), "$__all" if value == "All" else value)
    return values
