"""Interruptions that are no faults of requests: each with its cases, and what becomes of the push."""

from typing import Final

KILLS: Final = (1, 2, 5, 9, 14, 20)
"""After which writing request dashgen is killed."""

FULL_DISKS: Final = ("lock", "backup", "memory, first line", "memory, third line", "memory, at the end")
"""Where the disk is full."""

TWICE: Final = ("10.4.1", "11.5.0", "12.4.3", "13.0.1", "12.4.3 without marks", "same project")
"""Two pushes at once: from two places by version, and from one."""

CTRL_C: Final = ("after 3 of 12 changes",)

INTERRUPTIONS: Final = (
    ("kill -9 after a request that writes", KILLS, "the next push goes on; nothing is doubled"),
    ("Ctrl-C", CTRL_C, "exit code 130; what was done and what was not is printed; the next push goes on"),
    (
        "disk full",
        FULL_DISKS,
        "reported with exit code 2; before the first write nothing is written; the next push goes on",
    ),
    (
        "two pushes at once",
        TWICE,
        "each resource once; in one project the second is refused with exit code 4",
    ),
)
