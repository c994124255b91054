"""The page on what ``dashgen diff`` prints for programs."""

from dashgen.compare.render.render_json import CONTRACT, VERSION
from dashgen.formats.resources import KINDS


def diff_page() -> str:
    """The fields of the JSON document, and the kinds of resources."""
    fields = "\n".join(f"| `{name}` | {_cell(meaning)} |" for name, meaning in CONTRACT.items())
    kinds = "\n".join(f"| `{kind}` | {name} |" for kind, name in KINDS.items())
    return f"""\
# dashgen diff as JSON

`dashgen diff --format json` prints one object. This is version {VERSION} of its shape; fields may be added without a new
version. With `--stat`, `details` are left out.

| field | |
|---|---|
{fields}

## Kinds

| `kind` | |
|---|---|
{kinds}
"""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
