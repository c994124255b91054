"""The lock that a build is about to write, kept while it writes files.

A build that is killed before it comes to its lock leaves this file beside it. The next one knows by it which
files are dashgen's, removes those that no spec makes any more, and leaves tombstones for the resources in
them.
"""

from pathlib import Path

from dashgen.workspace.build_stamp import JOURNAL_FILE
from dashgen.workspace.lock_file import Lock, read_lock


def read_journal(output: Path) -> Lock:
    """The lock that an interrupted build was about to write; an empty one when there was none.

    A damaged journal counts as none: it is complete on the disk before the first file is written.
    """
    return read_lock(output, JOURNAL_FILE, JOURNAL_FILE)[0]


def with_journal(lock: Lock, journal: Lock) -> Lock:
    """The resources of a lock and those that an interrupted build was about to write."""
    if not journal.resources and not journal.removed:
        return lock
    resources = tuple(dict.fromkeys((*lock.resources, *journal.resources)))
    return Lock(lock.version, resources, tuple(sorted({*lock.removed, *journal.removed})))
