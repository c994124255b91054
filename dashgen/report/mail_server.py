"""Sending a mail by SMTP, with checked certificates and bounded in time; only this module knows smtplib."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from email.message import EmailMessage
from email.policy import SMTP
from enum import StrEnum
from pathlib import Path
from typing import Final

from msgspec import Struct

from dashgen.core.errors import DashgenError, os_reason
from dashgen.core.files.regular import read_regular
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.mail_addresses import is_address
from dashgen.servers.http.secret import Redactor, Secret

VARIABLES: Final = {
    "SMTP_HOST": "the server, with its port when that is not the usual one: `mail.example.com:587`",
    "SMTP_FROM": "the address that mails come from",
    "SMTP_USER": "the user, where the server wants one",
    "SMTP_PASSWORD": "the password; or `SMTP_PASSWORD_FILE`, a file with it",
    "SMTP_TLS": "`starttls` (the default), `tls` from the first byte (the default at port 465), or `none`",
    "SMTP_CA_CERT": "a file with the certificate that signs the server's, where the system does not know it",
}
"""What the environment says about mails."""
_PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}
_LONGEST_SECRET: Final = 4096
_HOST: Final = lazy_pattern(r"[A-Za-z0-9._:%-]+")
_READY: Final = 220
_OK: Final = 250
_FORWARDED: Final = 251


class Encryption(StrEnum):
    """How a connection to a mail server is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class MailSettings(Struct, frozen=True):
    """A mail server and how to talk to it; ``seconds`` bound one step, ``total`` the whole conversation."""

    host: str
    port: int
    sender: str
    encryption: Encryption
    user: str = ""
    password: Secret = Secret("")
    ca_cert: str = ""
    seconds: float = 20.0
    total: float = 60.0


class MailDelivery(Struct, frozen=True):
    """What became of a mail: who gets it, and whom the server refused, each with its reason."""

    accepted: tuple[str, ...]
    refused: Mapping[str, str]


class MailError(DashgenError):
    """A mail was not sent.

    Attributes:
        is_unknown: it may have been sent all the same: the connection ended after its text was.
        refused: whom the server refused, each with its reason.
    """

    exit_code = 3

    def __init__(
        self, message: str, *, is_unknown: bool = False, refused: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.is_unknown = is_unknown
        self.refused = refused or {}


def mail_settings(environment: Mapping[str, str]) -> MailSettings:
    """The mail server that the environment names.

    Raises:
        DashgenError: a variable is missing or wrong; values of secrets are never in the message.
    """
    written, sender = environment.get("SMTP_HOST", "").strip(), environment.get("SMTP_FROM", "").strip()
    if not written:
        raise DashgenError(f"`SMTP_HOST` is not set; it is {VARIABLES['SMTP_HOST']}")
    if not is_address(sender):
        raise DashgenError(f"`SMTP_FROM` is not an address; it is {VARIABLES['SMTP_FROM']}")
    host, port = _host_and_port(written)
    encryption = _encryption(environment.get("SMTP_TLS", "").strip().lower(), port)
    user, password = environment.get("SMTP_USER", ""), _password(environment)
    if user and encryption is Encryption.NONE and not _is_loopback(host):
        raise DashgenError(
            "`SMTP_TLS=none` would send the password as readable text; use `starttls` or `tls`"
        )
    return MailSettings(
        host,
        port or _PORTS[encryption],
        sender,
        encryption,
        user,
        password if user else Secret(""),
        environment.get("SMTP_CA_CERT", ""),
    )


def _host_and_port(text: str) -> tuple[str, int]:
    host, port = text, ""
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":")
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    if not _HOST.fullmatch(host) or (port and not (port.isdecimal() and 0 < int(port) < 65_536)):
        raise DashgenError("`SMTP_HOST` is not a server; write for example `mail.example.com:587`")
    return host, int(port or 0)


def _encryption(word: str, port: int) -> Encryption:
    if not word:
        return Encryption.TLS if port == _PORTS["tls"] else Encryption.STARTTLS
    try:
        return Encryption(word)
    except ValueError:
        raise DashgenError("`SMTP_TLS` is one of `starttls`, `tls` and `none`") from None


def _password(environment: Mapping[str, str]) -> Secret:
    path = environment.get("SMTP_PASSWORD_FILE", "")
    if not path or environment.get("SMTP_PASSWORD"):
        return Secret(environment.get("SMTP_PASSWORD", ""))
    try:
        content = read_regular(path, _LONGEST_SECRET)
    except OSError as error:
        raise DashgenError(f"cannot read the file of `SMTP_PASSWORD_FILE`: {os_reason(error)}") from None
    return Secret(content.decode("utf-8", "replace").strip("\r\n"))


def _is_loopback(host: str) -> bool:
    return host in {"localhost", "::1"} or host.startswith("127.")


def send_mail(
    settings: MailSettings,
    message: EmailMessage,
    recipients: Sequence[str],
    about_to_send: Callable[[], None] = lambda: None,
) -> MailDelivery:
    """Send a mail once.

    Args:
        settings: the server.
        message: the mail.
        recipients: who gets it.
        about_to_send: called when the server has accepted a recipient, before the mail's text is sent: from
            then on it may arrive, whatever happens.

    Raises:
        MailError: it was not sent, or that is unknown.
    """
    return _Conversation(settings).send(message, recipients, about_to_send)


class _Conversation:
    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._shown = Redactor([settings.password] if settings.password else [])
        self._name = f"the mail server {settings.host}:{settings.port}"
        self._timed_out = threading.Event()
        self._in_data = False
        self._socket: socket.socket | None = None
        self._closing = ExitStack()

    def send(
        self, message: EmailMessage, recipients: Sequence[str], about_to_send: Callable[[], None]
    ) -> MailDelivery:
        settings = self._settings
        # The time limit of smtplib is for one read: a server could send a byte now and then for ever.
        timer = threading.Timer(settings.total, self._give_up)
        timer.daemon = True
        try:
            self._socket = socket.create_connection((settings.host, settings.port), settings.seconds)
            timer.start()
            server = smtplib.SMTP(local_hostname=_own_name(self._socket), timeout=settings.seconds)
            self._closing.callback(server.close)
            self._greet(server, self._socket)
            delivery = self._conversation(server, message, recipients, about_to_send)
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        except MailError:
            raise
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise self._failure(error) from None
        finally:
            timer.cancel()
            self._closing.close()
            if self._socket is not None:
                self._socket.close()
        return delivery

    def _give_up(self) -> None:
        self._timed_out.set()
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _greet(self, server: smtplib.SMTP, connection: socket.socket) -> None:
        """Begin the conversation; smtplib's own beginning knows no limit of the whole."""
        if self._settings.encryption is Encryption.TLS:
            self._encrypt(connection)
        server.sock = self._socket
        code, reply = server.getreply()
        if code != _READY:
            raise MailError(f"{self._name} refuses the conversation: {self._reply(code, reply)}")

    def _encrypt(self, connection: socket.socket) -> None:
        context = self._certificates()
        encrypted = context.wrap_socket(
            connection, server_hostname=self._settings.host, do_handshake_on_connect=False
        )
        # Known before the handshake, so that this can be given up too.
        self._socket = encrypted
        encrypted.do_handshake()

    def _certificates(self) -> ssl.SSLContext:
        path = self._settings.ca_cert
        if path and not Path(path).is_file():
            raise MailError(f"there is no file `{path}`; `SMTP_CA_CERT` names one with a certificate")
        try:
            return ssl.create_default_context(cafile=path or None)
        except (ssl.SSLError, OSError):
            raise MailError(f"`{path}` of `SMTP_CA_CERT` has no certificate that can be read") from None

    def _start_tls(self, server: smtplib.SMTP) -> None:
        """Go on encrypted; what the server said before may be anybody's and is forgotten (RFC 3207, 4.2)."""
        if not server.has_extn("starttls"):
            hint = "use `SMTP_TLS=tls`, or `SMTP_TLS=none` inside a network of your own"
            raise MailError(f"{self._name} offers no STARTTLS; {hint}")
        code, reply = server.docmd("STARTTLS")
        if code != _READY:
            raise MailError(f"{self._name} refuses STARTTLS: {self._reply(code, reply)}")
        if self._socket is not None:
            self._encrypt(self._socket)
        server.sock, server.file = self._socket, None
        server.helo_resp = server.ehlo_resp = None
        server.esmtp_features, server.does_esmtp = {}, False
        server.ehlo()

    def _conversation(
        self,
        server: smtplib.SMTP,
        message: EmailMessage,
        recipients: Sequence[str],
        about_to_send: Callable[[], None],
    ) -> MailDelivery:
        settings = self._settings
        server.ehlo_or_helo_if_needed()
        if settings.encryption is Encryption.STARTTLS:
            self._start_tls(server)
        if settings.user:
            server.login(settings.user, settings.password.reveal())
        code, reply = server.mail(settings.sender)
        if code != _OK:
            raise MailError(
                f"{self._name} refuses the sender `{settings.sender}`: {self._reply(code, reply)}"
            )
        refused = self._refused(server, recipients)
        accepted = tuple(address for address in recipients if address not in refused)
        if not accepted:
            raise MailError(f"{self._name} refuses all recipients: {self._reasons(refused)}", refused=refused)
        about_to_send()
        self._in_data = True
        code, reply = server.data(message.as_bytes(policy=SMTP))
        self._in_data = False
        if code != _OK:
            raise MailError(f"{self._name} refuses the mail: {self._reply(code, reply)}")
        return MailDelivery(accepted, refused)

    def _refused(self, server: smtplib.SMTP, recipients: Sequence[str]) -> dict[str, str]:
        refused = {}
        for address in recipients:
            code, reply = server.rcpt(address)
            if code not in {_OK, _FORWARDED}:
                refused[address] = self._reply(code, reply)
        return refused

    def _reasons(self, refused: Mapping[str, str]) -> str:
        return "; ".join(f"{address}: {reason}" for address, reason in list(refused.items())[:5])

    def _reply(self, code: int, reply: bytes) -> str:
        return f"{code} {self._shown(reply.decode('utf-8', 'replace'))}".strip()

    def _failure(self, error: Exception) -> MailError:
        unknown = self._in_data
        after = ", and whether the mail arrives is unknown" if unknown else ""
        # smtplib makes a closed connection of a read that took too long.
        waited = isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)
        if self._timed_out.is_set() or waited:
            seconds = self._settings.total if self._timed_out.is_set() else self._settings.seconds
            return MailError(f"{self._name} does not answer within {seconds:g} s{after}", is_unknown=unknown)
        if isinstance(error, ssl.SSLCertVerificationError):
            reason = self._shown(error.verify_message)
            hint = "use the name that its certificate has, or name the certificate's signer in `SMTP_CA_CERT`"
            return MailError(f"the certificate of {self._name} is not trusted: {reason}; {hint}")
        if isinstance(error, smtplib.SMTPResponseException):
            return self._refusal(error)
        if isinstance(error, smtplib.SMTPException):
            return MailError(f"{self._name}: {self._shown(str(error))}{after}", is_unknown=unknown)
        reason = self._shown(os_reason(error) if isinstance(error, OSError) else str(error))
        return MailError(f"{self._name} cannot be reached: {reason}{after}", is_unknown=unknown)

    def _refusal(self, error: smtplib.SMTPResponseException) -> MailError:
        """The error for an answer of the server, which then did not take the mail."""
        reply = self._reply(error.smtp_code, _bytes(error.smtp_error))
        if isinstance(error, smtplib.SMTPAuthenticationError):
            hint = "check `SMTP_USER` and `SMTP_PASSWORD`"
            return MailError(f"{self._name} rejects the credentials: {reply}; {hint}")
        return MailError(f"{self._name} refuses the conversation: {reply}")


def _own_name(connection: socket.socket) -> str:
    """How this machine calls itself: by its address, because a name would be looked up in the network."""
    address = connection.getsockname()[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _bytes(reply: bytes | str) -> bytes:
    return reply if isinstance(reply, bytes) else reply.encode()
