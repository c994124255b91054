"""What reporters use beside the findings themselves."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from dashgen.core.diagnostics.rule_texts import RuleText

TextOf = Callable[[str], str | None]
"""The text of a file by the name that findings have for it; None when it cannot be read."""


class ReportContext(Struct, frozen=True):
    """The surroundings of a report.

    Attributes:
        text_of: gives the texts of files.
        color: whether to use the terminal's colours.
        root: the absolute path of the folder that file names are relative to; empty when it is unknown.
        home: the file that stands for the project, to which formats that demand a file assign findings
            without a location.
        rule_texts: the texts of rules by their names.
        blob_url: the address below which a web page shows each file at the commit that is checked, with a
            slash at its end; empty when there is none.
        reference_url: the address of the pages of docs/reference/, with a slash at its end; empty when it is
            unknown.
    """

    text_of: TextOf = lambda _: None
    color: bool = False
    root: str = ""
    home: str = "dashgen.yaml"
    rule_texts: Mapping[str, RuleText] = {}
    blob_url: str = ""
    reference_url: str = ""
