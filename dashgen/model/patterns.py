"""Regular expressions of JavaScript, as far as Python can tell that they are wrong."""

import re
import warnings

from dashgen.core.lazy_pattern import lazy_pattern

_SLASHED = lazy_pattern(r"/(.*)/(g?i?m?y?s?)", re.DOTALL)
# What neither JavaScript nor Python reads; Python refuses more, which is no reason to complain.
_CERTAIN = (
    "unterminated",
    "unbalanced",
    "missing",
    "nothing to repeat",
    "multiple repeat",
    "bad character range",
    "min repeat",
)


def pattern_problem(text: str) -> str:
    """Why JavaScript refuses a pattern, plain or between slashes with flags.

    Empty when it does not, or nobody knows.
    """
    match = _SLASHED.fullmatch(text)
    if match is None and text.startswith("/") and text.count("/") > 1:
        return "unknown flags after the last `/`"
    pattern = match[1] if match else text
    plain = re.sub(r"\(\?<(?![=!])", "(?P<", pattern)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(plain)
    except re.error as error:
        # In JavaScript, a class may stand at the end of a range of characters: `[\\w-.]`.
        certain = any(word in error.msg for word in _CERTAIN) and "range \\" not in error.msg
        return error.msg if certain else ""
    except (RecursionError, OverflowError):
        return ""
    return ""
