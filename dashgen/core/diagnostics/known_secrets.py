"""The secrets that this process has read.

Apart from `redaction`, whose patterns an ordinary build does not need.
"""

import re
from functools import cache
from typing import Final

HIDDEN: Final = "***"
LONG: Final = 8
"""A known secret of so many characters is hidden wherever it stands.

In shorter ones other words could be cut in two.
"""
KNOWN_SECRETS: Final[set[str]] = set()
"""Every spelling of each secret; `redaction.remember_secret` adds to it."""


def without_known(text: str) -> str:
    """The text without the secrets that this process has read."""
    # The longest first: one secret may be part of another.
    for form in sorted(KNOWN_SECRETS, key=len, reverse=True):
        if form in text:
            text = text.replace(form, HIDDEN) if len(form) >= LONG else _alone(form).sub(HIDDEN, text)
    return text


@cache
def _alone(form: str) -> re.Pattern[str]:
    """A short secret as a word of its own."""
    return re.compile(rf"(?<!\w){re.escape(form)}(?!\w)")
