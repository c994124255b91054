"""Options of commands that talk to a running Grafana."""

from pathlib import Path
from typing import Annotated, NamedTuple

from dashgen.cli.options import Environment, ProjectFolder
from dashgen.cli.parameters import Option

Url = Annotated[
    str, Option("--url", "-u", metavar="URL", help="Address of the Grafana; default: `GRAFANA_URL`.")
]
TargetNames = Annotated[
    list[str] | None,
    Option("--target", "-t", metavar="NAME", help="Use this target of dashgen.yaml; may be repeated."),
]
TargetName = Annotated[
    str, Option("--target", "-t", metavar="NAME", help="Use the Grafana of this target of dashgen.yaml.")
]
Concurrency = Annotated[
    int, Option("--concurrency", min=1, max=64, help="Send at most this many requests at once.")
]
CaCert = Annotated[
    Path | None,
    Option("--ca-cert", metavar="FILE", help="Trust the certificate authorities in this file."),
]
ClientCert = Annotated[Path | None, Option("--client-cert", metavar="FILE", help="The client's certificate.")]
ClientKey = Annotated[
    Path | None, Option("--client-key", metavar="FILE", help="The private key of the client's certificate.")
]

DryRun = Annotated[bool, Option("--dry-run", "-n", help="Show the plan; change nothing.")]
OnlyShow = Annotated[bool, Option("--dry-run", "-n", help="Show what would be done; change nothing.")]
Message = Annotated[
    str,
    Option("--message", "-m", help="Message in Grafana's version history; default: the git commit."),
]
Unmanaged = Annotated[
    bool,
    Option("--unmanaged", help="Also list resources that no spec makes, in folders that specs use."),
]
Quiet = Annotated[bool, Option("--quiet", "-q", help="Show no progress.")]


class GrafanaOptions(NamedTuple):
    """The Grafanas that a command works with."""

    project: ProjectFolder = Path()
    url: Url = ""
    target: TargetNames = None
    env: Environment = None


class CertificateOptions(NamedTuple):
    """Files for TLS."""

    ca_cert: CaCert = None
    client_cert: ClientCert = None
    client_key: ClientKey = None


class TransferOptions(NamedTuple):
    """How requests are sent, and whether progress is shown meanwhile."""

    quiet: Quiet = False
    concurrency: Concurrency = 8
    certificates: CertificateOptions = CertificateOptions()
