"""Room for data: the disk under the stack, and what Prometheus keeps."""

from pathlib import Path
from typing import Final

from dashgen.doctor.chain import Fault, Known, Link, Outcome, judged
from dashgen.doctor.prometheus import own_metrics, value_of
from dashgen.doctor.subject import Subject
from dashgen.doctor.tools import Disk
from dashgen.live.finding import Finding
from dashgen.telemetry import ServiceError

LEAST_SHARE: Final = 0.05
LEAST_BYTES: Final = 1024**3
_VOLUMES: Final = Path("/var/lib/docker/volumes")


def check(subject: Subject, known: Known) -> Outcome:
    """Whether there is room on the disks that can be seen from here."""
    folder = subject.stack.folder if subject.stack else subject.workspace.root
    places = [folder, *([_VOLUMES] if subject.stack else [])]
    disks = {path: disk for path in places if (disk := subject.tools.disk(path)) is not None}
    faults: list[Fault] = []
    for path, disk in disks.items():
        same = any(
            disk.total == other.total and disk.free == other.free
            for seen, other in disks.items()
            if seen != path
        )
        if path == folder or not same:
            faults += judge(path, disk)
    kept = "" if known.reason(Link.PROMETHEUS) else _kept(subject)
    free = (
        f"{_size(disks[folder].free)} of {_size(disks[folder].total)} are free"
        if folder in disks
        else "not known here"
    )
    return judged(faults, free + kept)


def judge(path: Path, disk: Disk) -> list[Fault]:
    """Whether a disk is nearly full: a twentieth of it, or a gigabyte, has to be free."""
    if disk.free >= LEAST_BYTES and disk.free >= LEAST_SHARE * disk.total:
        return []
    finding = Finding(
        f"the disk of `{path}` is nearly full",
        f"{_size(disk.free)} of {_size(disk.total)} are free",
        "images, volumes and logs grow; a full disk stops every database of the stack",
        "`docker system df` shows what takes room; shorten `PROMETHEUS_RETENTION` and `LOKI_RETENTION` in `.env`",
    )
    return [Fault(finding)]


def _kept(subject: Subject) -> str:
    server = subject.servers.prometheus
    if server is None:
        return ""
    try:
        retention = server.retention()
    except ServiceError:
        return ""
    own = own_metrics(server)
    used = value_of(own, "prometheus_tsdb_storage_blocks_bytes")
    blocks = f", {_size(int(used))} so far" if used else ""
    return f"; Prometheus keeps {retention}{blocks}" if retention else ""


def _size(count: int) -> str:
    size = float(count)
    for unit in ("B", "KiB", "MiB"):
        if size < 1024:
            return f"{size:.0f} {unit}"
        size /= 1024
    return f"{size:.1f} GiB"
