"""``dashgen preview --serve``: the page with a server behind it, drawn anew as specs are saved."""

import sys
import time
import webbrowser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from dashgen.cli.commands.preview_options import PreviewArguments
from dashgen.cli.commands.preview_sources import PreviewSources, named_paths, preview_subject
from dashgen.cli.options import Format, usage_error
from dashgen.cli.output import rendered
from dashgen.cli.watch_files import Snapshot, files_snapshot, finished, on_change, snapshot
from dashgen.core.diagnostics import Severity, arrange
from dashgen.preview.page.page_data import PageIndex
from dashgen.preview.preview_subject import PreviewSubject, is_spec_path
from dashgen.preview.serving.preview_session import PreviewReader, PreviewSession
from dashgen.servers.http.loopback_server import LoopbackServer
from dashgen.workspace.input_files import find_project

if TYPE_CHECKING:
    from dashgen.preview.shown_dashboard import CompiledMemory

_INTERVAL: Final = 0.025
"""Seconds between two looks at the files: what somebody saves has to be seen at once."""


def serve_preview(arguments: PreviewArguments) -> None:
    """Serve a page until Ctrl-C.

    Raises:
        DashgenError: the arguments cannot be carried out, or the port cannot be used.
    """
    # Resolved once, because the folder may be renamed or deleted meanwhile.
    arguments = arguments._replace(project=arguments.project.resolve())
    memory: CompiledMemory = {}
    with PreviewSources(arguments.data) as sources:
        reader = PreviewReader(lambda: preview_subject(arguments, memory), sources.of, _description)
        index = PageIndex("", [], theme=arguments.view.theme.value)
        session = PreviewSession(reader, index, arguments.view.choice)
        try:
            server = LoopbackServer(session.answer, arguments.serving.port)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            usage_error(f"port {arguments.serving.port} cannot be used: {reason}", "choose another `--port`")
        _run(server, session, arguments)


def _run(server: LoopbackServer, session: PreviewSession, arguments: PreviewArguments) -> None:
    server.latest.publish(msgspec.json.encode(session.state).decode())
    server.start()
    sys.stdout.write(f"{session.title}: {server.url}\n")
    sys.stdout.flush()
    sys.stderr.write("watching for changes; Ctrl-C ends\n")
    if arguments.open_page:
        webbrowser.open(server.url)
    has_started = False

    def act() -> bool:
        nonlocal has_started
        if has_started:
            started = time.perf_counter()
            state = session.reload()
            server.latest.publish(msgspec.json.encode(state).decode())
            finished("errors, the page stays as it was" if state.errors else "read anew", started)
        has_started = True
        return False

    try:
        on_change(lambda: _watched(arguments), act, pause=lambda _: time.sleep(_INTERVAL))
    except KeyboardInterrupt:
        # The way to end it, and no failure.
        sys.stderr.write("\nstopped serving\n")
    finally:
        server.close()


def _watched(arguments: PreviewArguments) -> Snapshot:
    paths = named_paths(arguments.names or ())
    specs = [path for path in paths if is_spec_path(path)]
    if specs:
        return snapshot(find_project(specs[0].resolve()) or arguments.project)
    return files_snapshot(_files(paths)) if paths else snapshot(arguments.project)


def _files(paths: Sequence[Path]) -> Iterator[str]:
    for path in paths:
        if path.is_dir():
            yield from (str(file) for file in path.rglob("*"))
        else:
            yield str(path)


def _description(subject: PreviewSubject) -> str:
    errors = [one for one in arrange(subject.findings) if one.severity is Severity.ERROR]
    return rendered(errors, Format.TEXT, subject.root, color=False)
