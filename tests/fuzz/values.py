"""Values and texts that somebody might find."""

import random
from typing import Any

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**53, 2**63 - 1, -(2**63), 1e308, 5e-324, 0.1, "", " ", "x", "1", "-", "${{", "}}", "$__all",
    "\u202e", "\x1b[2J", "é🤖", "a" * 3000, "../../x", "{{", "$x", "[[x]]", [], {}, [[]], [None], [1, "x", {}], {"a": None}, {"": {}},
    {"list": 3}, {"panels": [None]}, {"id": {}}, {"type": []}, {"uid": {}}, [{}], [[[[[[]]]]]],
)  # fmt: skip
FRAGMENTS = (
    "- ", "? ", ": ", "\t", "'", '"', "|", ">-", "&a ", "*a", "!!str ", "!x ", "---\n", "...\n", "#", "{", "}", "[", "]", ",", "\\",
    "\u2028", "\x85", "\ufeff", "\r", "é", "<<: ", "@", "`", "~", "${{ ", " }}", "${{ x }}", "${{ range(9) }}", "${{ 9 ** 9 }}", "null",
    "true", "1e999", "99999999999999999999", "-0", ".inf", "0x10", "{a: [", "use: x\n", "for_each: [1, 2]\n", "when_env: prod\n", "raw: ",
    "now-1h", "5m", "$x", "{{x}}", "sum(rate(x[5m]))", "(" * 30, "a" * 2000, "\n" * 5, "  ",
)  # fmt: skip


def mutated_text(text: str, random_: random.Random) -> str:
    """A text with some changes."""
    for _ in range(random_.choice((1, 1, 1, 2, 3, 6))):
        at = random_.randrange(len(text) + 1)
        kind = random_.randrange(7)
        if kind == 0:
            text = text[:at] + text[at + random_.randrange(1, 30) :]
        elif kind == 1:
            text = text[:at] + random_.choice(FRAGMENTS) + text[at:]
        elif kind == 2:
            end = min(len(text), at + random_.randrange(1, 20))
            text = text[:at] + random_.choice(FRAGMENTS) + text[end:]
        else:
            text = _lines(text, kind, random_)
    return text


def _lines(text: str, kind: int, random_: random.Random) -> str:
    lines = text.split("\n")
    number = random_.randrange(len(lines))
    line = lines[number]
    key, colon, _ = line.partition(":")
    if kind == 3:
        lines[number] = random_.choice(lines)
    elif kind == 4:
        lines.insert(number, " " * random_.randrange(9) + line.strip())
    elif kind == 5 and colon:
        lines[number] = f"{key}: {random_.choice(FRAGMENTS)}"
    elif colon:
        other = random_.choice(lines).partition(":")[0].strip(" -")
        lines[number] = line.replace(key.strip(" -"), other, 1)
    return "\n".join(lines)


def mutated_data(data: Any, random_: random.Random) -> Any:
    """Plain data with some values exchanged, taken away, or put elsewhere."""
    for _ in range(random_.choice((1, 1, 2, 4))):
        data = _changed(data, random_)
    return data


def _changed(data: Any, random_: random.Random) -> Any:
    if isinstance(data, dict) and data and random_.random() < 0.85:
        key = random_.choice(list(data))
        if random_.random() < 0.05:
            return {name: part for name, part in data.items() if name != key}
        return {**data, key: _changed(data[key], random_)}
    if isinstance(data, list) and data and random_.random() < 0.85:
        at = random_.randrange(len(data))
        if random_.random() < 0.1:
            return [*data, random_.choice(ODD)]
        return [*data[:at], _changed(data[at], random_), *data[at + 1 :]]
    return random_.choice(ODD)
