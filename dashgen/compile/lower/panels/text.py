"""Text: words between the panels."""

from typing import Annotated, ClassVar, Literal

from dashgen.compile.lower.panel_type import PanelType
from dashgen.core.json_values import Json
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

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """The text, and how it is read."""
        code = {"language": self.language, "showLineNumbers": self.line_numbers, "showMiniMap": False}
        return {"code": code, "content": self.content, "mode": self.mode}
