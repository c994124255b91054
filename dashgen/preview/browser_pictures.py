"""Pictures of the page as Chromium draws it, where it is installed."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from dashgen.core.errors import DashgenError

_PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PATIENCE: Final = 120
_FLAGS: Final = (
    "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions", "--hide-scrollbars",
    # The page unpacks its data after it was loaded: time runs until nothing is left to do.
    "--virtual-time-budget=20000",
)  # fmt: skip


def browser_program() -> str | None:
    """The path of Chromium or Chrome, if there is one."""
    return next((path for name in _PROGRAMS if (path := shutil.which(name))), None)


def page_png(page: Path, address: str, window: tuple[int, int]) -> bytes:
    """What a window shows of a page, as PNG.

    Args:
        page: the file of the page.
        address: what comes behind the `#`.
        window: the width and height in pixels.

    Raises:
        DashgenError: there is no browser, or it draws nothing.
    """
    program = browser_program()
    if program is None:
        raise DashgenError("there is no Chromium to draw pictures with; install Debian's package `chromium`")
    with tempfile.TemporaryDirectory(prefix="dashgen-browser-") as folder:
        picture = Path(folder, "picture.png")
        command = [
            program,
            *_FLAGS,
            *_sandbox(),
            f"--user-data-dir={folder}/profile",
            f"--window-size={window[0]},{window[1]}",
            f"--screenshot={picture}",
            f"{page.resolve().as_uri()}#{address}",
        ]
        try:
            done = subprocess.run(  # noqa: S603  # a program of the machine, with arguments of our own
                command, capture_output=True, check=False, timeout=_PATIENCE, stdin=subprocess.DEVNULL
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise DashgenError(f"{program} cannot be run: {error}") from error
        if done.returncode or not picture.is_file():
            raise DashgenError(f"{program} drew no picture; it ended with {done.returncode}")
        return picture.read_bytes()


def _sandbox() -> list[str]:
    # Chromium refuses to start its sandbox for root, as in a container. The page is dashgen's own, and inert.
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
