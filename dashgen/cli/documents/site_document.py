"""What ``dashgen docs`` prints as JSON."""

from typing import Annotated

from msgspec import Meta

from dashgen.core.reporters.json_report import Findings, OutputDocument


class SiteDocument(OutputDocument, frozen=True, kw_only=True):
    """What was written of a site or, with `--check`, would be written."""

    output: Annotated[str, Meta(description="The folder of the site.")]
    files: Annotated[list[str], Meta(description="Every file of the site, below that folder.")]
    created: Annotated[list[str], Meta(description="The files that were not there.")]
    changed: Annotated[list[str], Meta(description="The files that had another content.")]
    deleted: Annotated[list[str], Meta(description="The files that no spec makes any more.")]
    diagnostics: Findings
