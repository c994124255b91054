"""Text: words between the panels."""

from typing import Annotated, ClassVar, Literal

from dashgen.compile.lower.lower_links import LinkScope
from dashgen.compile.lower.objects import TextObject as Lowered
from dashgen.compile.lower.panel_type import PanelType
from dashgen.model.base import doc
from dashgen.model.settled_dashboard import SettledPanel


class Text(PanelType, kw_only=True):
    """Words between the panels: what the reader should know."""

    type_id: ClassVar[str] = "text"
    example: ClassVar[str] = """
    title: Read me
    type: text
    content: |
      ## Checkout
      The runbook is [here](https://wiki.example.com/checkout).
    """
    takes_queries: ClassVar[bool] = False

    content: Annotated[str, doc("The text.", "## What to do\nCall the owner of the service.")] = ""
    mode: Annotated[Literal["markdown", "html", "code"], doc("How the text is read.")] = "markdown"
    language: Annotated[
        Literal["json", "yaml", "xml", "typescript", "sql", "go", "markdown", "html", "plaintext"],
        doc("With `mode: code`, its language."),
    ] = "plaintext"
    line_numbers: Annotated[bool, doc("With `mode: code`, number the lines.")] = False

    def lower(self, settled: SettledPanel, scope: LinkScope) -> Lowered:
        """A text of grafanalib; what it has no argument for is put over it."""
        code = {"language": self.language, "showLineNumbers": self.line_numbers, "showMiniMap": False}
        return Lowered(
            content=self.content,
            mode=self.mode,
            moreOptions={"code": code},
            **self.common(settled, scope),
        )
