"""What ``dashgen preview`` prints as JSON."""

from typing import Annotated

from msgspec import Meta, Struct

from dashgen.core.reporters.json_report import Findings, OutputDocument


class PreviewedDashboard(Struct, frozen=True):
    """A dashboard that can be looked at."""

    uid: Annotated[str, Meta(description="Its uid.")]
    title: Annotated[str, Meta(description="Its title.")]
    panels: Annotated[int, Meta(description="The number of its panels.")]


class PreviewDocument(OutputDocument, frozen=True, kw_only=True):
    """What was written to be looked at."""

    files: Annotated[list[str], Meta(description="The files: a page, or pictures.")]
    source: Annotated[str, Meta(description="Where the data is from.")]
    differences: Annotated[
        list[str], Meta(description="With `--check`: what looks different, as `FILE: sentence`; else empty.")
    ]
    dashboards: Annotated[list[PreviewedDashboard], Meta(description="The dashboards, in their order.")]
    diagnostics: Findings
