"""Compile many dashboard files: one after the other, or in several processes."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from dashgen.compile.compile_dashboards import Compiled, Compiler
from dashgen.compile.project_documents import too_much_work
from dashgen.compile.spill import Slice, Spill
from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.errors import DashgenError
from dashgen.source.load import load_file
from dashgen.source.work import MAX_BUILD
from dashgen.workspace.build_records import FileOutcome, FileRecord, Owned
from dashgen.workspace.input_files import SpecFile

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

WORTH_A_PROCESS = 60


@dataclass(slots=True)
class Batch:
    """What a list of files became: an outcome for each, by name, and where the contents wait."""

    outcomes: dict[str, FileOutcome] = field(default_factory=dict)
    contents: dict[str, Slice] = field(default_factory=dict)


class _Sent(msgspec.Struct):
    """A batch on its way from a worker, or what stopped the worker."""

    outcomes: dict[str, FileOutcome]
    contents: dict[str, Slice]
    failure: str = ""


def processes_for(files: int, wanted: int | None) -> int:
    """How many processes are worth their start: one for each `WORTH_A_PROCESS` files, at most one a processor."""
    if wanted is not None:
        return max(1, min(wanted, files or 1))
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    return max(1, min(available, files // WORTH_A_PROCESS))


def compile_files(
    files: Sequence[SpecFile], compiler: Compiler, folder: Path, present: Mapping[str, str], processes: int
) -> Batch:
    """Compile files of dashboards.

    Args:
        files: the files.
        compiler: what they are compiled with.
        folder: a temporary folder for contents that wait to be written.
        present: the hashes of files already in the output, whose contents need not wait.
        processes: how many processes share the work.

    Raises:
        DashgenError: the temporary folder is full, or a worker was killed.
    """
    if processes <= 1:
        return _compile(files, compiler, Spill(folder / "0"), present)
    return _in_processes(files, compiler, folder, present, processes)


def _compile(
    files: Sequence[SpecFile], compiler: Compiler, spill: Spill, present: Mapping[str, str]
) -> Batch:
    batch = Batch()
    try:
        work = compiler.scope.work
        for file in files:
            if work.done > MAX_BUILD:
                batch.outcomes[file.name] = FileOutcome(diagnostics=[too_much_work(Location(file.name))])
                break
            before = work.done
            compiled, problems = compiler.file(load_file(Path(file.path), file.name))
            outcome = keep(compiled, problems, spill, present, batch.contents)
            outcome.work = work.done - before
            batch.outcomes[file.name] = outcome
        spill.close()
    except OSError as error:
        raise DashgenError(
            f"cannot write to the temporary folder: {(error.strerror or str(error)).lower()}"
        ) from None
    return batch


def keep(
    compiled: Sequence[Compiled],
    problems: list[Diagnostic],
    spill: Spill,
    present: Mapping[str, str],
    contents: dict[str, Slice],
) -> FileOutcome:
    """The outcome of compiled dashboards; contents that are not in the output yet go to the spill file."""
    records = []
    for one in compiled:
        record = record_of(one)
        records.append(record)
        if present.get(record.path) != record.sha256:
            contents[record.path] = spill.add(one.artifact.content)
    return FileOutcome(records, [one.summary for one in compiled], problems)


def record_of(compiled: Compiled) -> FileRecord:
    """The record of a dashboard's file."""
    artifact = compiled.artifact
    owned = tuple(Owned(r.kind, r.uid, r.title, r.location.file) for r in artifact.resources)
    return FileRecord(artifact.path, sha256(artifact.content).hexdigest(), owned)


def _in_processes(
    files: Sequence[SpecFile], compiler: Compiler, folder: Path, present: Mapping[str, str], processes: int
) -> Batch:
    import multiprocessing  # noqa: PLC0415  # most builds have too little to do for it

    # Forked, not spawned: the imports and the compiler are there already.
    fork = multiprocessing.get_context("fork")
    shares = [files[start::processes] for start in range(processes)]
    workers = []
    for number, share in enumerate(shares):
        receiver, sender = fork.Pipe(duplex=False)
        worker = fork.Process(
            target=_work, args=(sender, share, compiler, folder / str(number), present), daemon=True
        )
        worker.start()
        sender.close()
        workers.append((worker, receiver))
    batch = Batch()
    for worker, receiver in workers:
        try:
            sent = msgspec.msgpack.decode(receiver.recv_bytes(), type=_Sent)
        except EOFError:
            raise DashgenError("a worker process ended before its work was done") from None
        worker.join()
        if sent.failure:
            raise DashgenError(sent.failure)
        batch.outcomes |= sent.outcomes
        batch.contents |= sent.contents
    return batch


def _work(
    sender: "Connection",
    files: Sequence[SpecFile],
    compiler: Compiler,
    spill: Path,
    present: Mapping[str, str],
) -> None:
    try:
        batch = _compile(files, compiler, Spill(spill), present)
        sent = _Sent(batch.outcomes, batch.contents)
    except DashgenError as error:
        sent = _Sent({}, {}, str(error))
    except KeyboardInterrupt:
        return
    sender.send_bytes(msgspec.msgpack.encode(sent))
    sender.close()
