"""``dashgen lsp``."""

from dashgen.cli.options import usage_error
from dashgen.cli.streams import protocol_streams


def lsp() -> None:
    """Serve an editor: findings while typing, help, completion in queries, renaming of components.

    The editor starts it and talks to it over stdin and stdout. It needs the extra `lsp`, which brings pygls.

    Example: dashgen lsp
    """
    try:
        from dashgen.editor.language_server import start_server  # pygls, an extra
    except ModuleNotFoundError as error:
        if error.name not in ("pygls", "lsprotocol", "cattrs", "attrs"):
            raise
        usage_error("the language server needs pygls; install dashgen with its extra `lsp`")
    start_server(*protocol_streams())
