"""One Chromium for a test session, over its DevTools protocol on a pipe: no port, no websocket, no package.

`Browser.page()` opens a tab of its own, which collects what a page has to be silent about: messages of the console, and
requests. See https://chromedevtools.github.io/devtools-protocol/ for the methods.
"""

import base64
import json
import os
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from dashgen.preview.browser_pictures import browser_program
from tests.tools.waiting import LONGEST_WAIT, wait_until

_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions", "--hide-scrollbars", "--mute-audio",
    "--font-render-hinting=none", "--force-color-profile=srgb", "--remote-debugging-pipe",
)  # fmt: skip
_KEYS = {"Escape": 27, "Enter": 13, "Tab": 9, "ArrowRight": 39, "ArrowLeft": 37, "ArrowDown": 40, "End": 35}


class Browser:
    """A running Chromium without a screen.

    Args:
        profile: an empty folder.
    """

    def __init__(self, profile: Path) -> None:
        program = browser_program()
        assert program is not None, "chromium is missing; Debian's package `chromium` has it"
        theirs_in, self._write = os.pipe()
        self._read, theirs_out = os.pipe()
        # The browser reads from descriptor 3 and writes to 4; a plain shell duplicates none above 9.
        command = " ".join(["exec", '"$0"', '"$@"', f"3</dev/fd/{theirs_in}", f"4>/dev/fd/{theirs_out}"])
        self._process = subprocess.Popen(
            ["sh", "-c", command, program, *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(theirs_in, theirs_out),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._last = 0
        self._answers: dict[int, SimpleQueue[dict[str, Any]]] = {}
        self._pages: dict[str, Page] = {}
        threading.Thread(target=self._listen, daemon=True).start()

    def call(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol and wait for its result."""
        self._last += 1
        number, answers = self._last, SimpleQueue()
        self._answers[number] = answers
        message = {"id": number, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        try:
            answer = answers.get(timeout=LONGEST_WAIT)
        except Empty:
            raise AssertionError(f"chromium does not answer {method}") from None
        finally:
            del self._answers[number]
        assert "error" not in answer, (method, answer["error"])
        return answer["result"]

    @contextmanager
    def page(self, width: int = 1600, height: int = 1000):
        """A new tab, closed at the end."""
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session)
        self._pages[session] = page
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.call(f"{domain}.enable")
        page.viewport(width, height)
        page.scheme("dark")
        try:
            yield page
        finally:
            del self._pages[session]
            self.call("Target.disposeBrowserContext", browserContextId=context)

    def close(self) -> None:
        """End the browser."""
        try:
            self.call("Browser.close")
            self._process.wait(LONGEST_WAIT)
        finally:
            self._process.kill()
            self._process.wait()
            os.close(self._write)

    def _listen(self) -> None:
        rest = b""
        while chunk := os.read(self._read, 1 << 20):
            *messages, rest = (rest + chunk).split(b"\0")
            for text in messages:
                message = json.loads(text)
                if "id" in message:
                    if (answers := self._answers.get(message["id"])) is not None:
                        answers.put(message)
                elif (page := self._pages.get(message.get("sessionId", ""))) is not None:
                    page.events.append((message["method"], message["params"]))
        os.close(self._read)


class Page:
    """A tab.

    Attributes:
        events: every event of it, as pairs of the method and its parameters.
    """

    def __init__(self, browser: Browser, session: str) -> None:
        self._browser = browser
        self._session = session
        self.events: list[tuple[str, dict[str, Any]]] = []

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol for this tab."""
        return self._browser.call(method, self._session, **parameters)

    def open(self, address: str | Path, *, ready: str = "document.querySelector('main') !== null") -> None:
        """Load a page and wait until an expression is true."""
        url = address.as_uri() if isinstance(address, Path) else address
        self.call("Page.navigate", url=url)
        self.wait(f"document.readyState === 'complete' && ({ready})")

    def evaluate(self, expression: str) -> Any:
        """The value of an expression; promises are waited for."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, (expression, result.get("exceptionDetails"))
        return result["result"].get("value")

    def wait(self, expression: str) -> Any:
        """Wait until an expression is true."""
        return wait_until(lambda: self.evaluate(expression), expression)

    def settle(self) -> None:
        """Wait until what was started is drawn: two frames."""
        self.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def click(self, selector: str) -> None:
        """Click the middle of an element with the mouse."""
        self.evaluate(f"document.querySelector({selector!r}).scrollIntoView({{block: 'center'}})")
        where = f"(b => [b.x + b.width / 2, b.y + b.height / 2])(document.querySelector({selector!r}).getBoundingClientRect())"
        x, y = self.evaluate(where)
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def press(self, *keys: str) -> None:
        """Press keys, by their names in `KeyboardEvent.key`."""
        for key in keys:
            code = _KEYS.get(key, 0)
            event = {"key": key, "windowsVirtualKeyCode": code, "nativeVirtualKeyCode": code}
            if len(key) == 1:
                event["text"] = key
            elif key == "Enter":
                event["text"] = "\r"
            self.call("Input.dispatchKeyEvent", type="keyDown", **event)
            self.call("Input.dispatchKeyEvent", type="keyUp", **event)

    def choose(self, selector: str, value: str) -> None:
        """Choose an option of a select by its text or its value."""
        self.evaluate(
            f"(s => {{ s.value = [...s.options].find(o => o.text === {value!r} || o.value === {value!r}).value;"
            f" s.dispatchEvent(new Event('change', {{bubbles: true}})) }})(document.querySelector({selector!r}))"
        )

    def viewport(self, width: int, height: int) -> None:
        """Set the size of the window."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def scheme(self, name: str) -> None:
        """Set the colour scheme of the system: `dark` or `light`."""
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def screenshot(self, path: Path | str, *, whole: bool = False) -> None:
        """Write what is seen as PNG; with `whole` the page down to its end."""
        if whole:
            size = self.call("Page.getLayoutMetrics")["cssContentSize"]
            self.viewport(int(size["width"]), int(size["height"]))
            self.settle()
        picture = self.call("Page.captureScreenshot", format="png")["data"]
        Path(path).write_bytes(base64.b64decode(picture))

    @property
    def messages(self) -> list[str]:
        """What is in the console: messages, errors nobody caught, and what the browser complains about."""
        texts = []
        for method, event in self.events:
            if method == "Runtime.consoleAPICalled":
                texts.append(
                    f"{event['type']}: {[one.get('value', one.get('description')) for one in event['args']]}"
                )
            elif method == "Runtime.exceptionThrown":
                details = event["exceptionDetails"]
                texts.append(details.get("exception", {}).get("description") or details["text"])
            elif method == "Log.entryAdded":
                texts.append(f"{event['entry']['level']}: {event['entry']['text']}")
        return texts

    @property
    def requests(self) -> list[str]:
        """The addresses that were requested, without those whose contents are in them."""
        urls = [
            event["request"]["url"] for method, event in self.events if method == "Network.requestWillBeSent"
        ]
        return [url for url in urls if not url.startswith(("data:", "blob:", "about:"))]
