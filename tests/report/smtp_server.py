"""A real SMTP server for tests, on a free port of loopback: with and without TLS, with users, refusing, hanging."""

import contextlib
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PASSWORD = "correct horse"  # noqa: S105  # of a server that lives for one test


@dataclass
class Received:
    """A mail that arrived: its envelope and what is in it."""

    sender: str
    recipients: list[str]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        message = message_from_bytes(self.content, policy=default)
        assert isinstance(message, EmailMessage)
        return message


@dataclass
class Mailbox:
    """What arrived, whom the server refuses, and what it says in the end."""

    port: int = 0
    mails: list[Received] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    reply: str = "250 OK"
    began_with_tls: list[bool] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        self.began_with_tls.append(session.ssl is not None)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.reply.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.mails.append(Received(envelope.mail_from or "", list(envelope.rcpt_tos), envelope.content))
        return self.reply


class _OnAnyPort(Controller):
    """Listens on a free port, and looks there whether it is up."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def _check(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    is_right = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=is_right, handled=False)


@contextlib.contextmanager
def mail_server(
    context: ssl.SSLContext | None = None, *, implicit: bool = False, users: bool = False
) -> Iterator[Mailbox]:
    """A server that keeps its mails.

    Args:
        context: its certificate; no TLS without one.
        implicit: whether TLS begins with the first byte.
        users: whether it wants a password.
    """
    mailbox = Mailbox()
    options: dict[str, Any] = (
        {"tls_context": context, "require_starttls": True} if context and not implicit else {}
    )
    if users:
        options |= {
            "authenticator": _check,
            "auth_required": True,
            "auth_require_tls": context is not None and not implicit,
        }
    controller = _OnAnyPort(
        mailbox,
        hostname="127.0.0.1",
        port=0,
        ssl_context=context if implicit else None,
        ready_timeout=30,
        **options,
    )
    controller.start()
    mailbox.port = controller.port
    try:
        yield mailbox
    finally:
        controller.stop()


@contextlib.contextmanager
def hanging_server(greeting: bytes = b"", drip: bytes = b"") -> Iterator[int]:
    """A server that says a little, or a byte now and then, and never ends a sentence; gives its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def run() -> None:
        with contextlib.suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                connection.sendall(greeting)
                while not done.wait(0.05):
                    if drip:
                        connection.sendall(drip)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        done.set()
        listener.close()
        thread.join(10)


def certificate(folder: Path, name: str = "localhost") -> tuple[ssl.SSLContext, Path]:
    """A certificate for a name, signed by itself: the server's context and the file that clients trust."""
    key, cert = folder / f"{name}.key", folder / f"{name}.pem"
    subject = ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"]
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subprocess.run(
        [*words, "-keyout", str(key), "-out", str(cert), "-days", "2", *subject],
        check=True,
        capture_output=True,
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    return context, cert
