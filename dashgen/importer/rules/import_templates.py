"""Templates of Grafana's rules, written as a spec writes them."""

import re

from dashgen.importer.rules.query_keys import QueryWords
from dashgen.importer.rules.read_rules import Reading

_ACTION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_NAMED = re.compile(r"\$values\.(?P<ref>[A-Za-z_]\w*)(?P<rest>\.(?:Value|Labels)\b)?")
_BARE = re.compile(r"\{\{-?\s*\$values\.[A-Za-z_]\w*\s*-?\}\}")


def worded(template: str, reading: Reading, said: QueryWords) -> str:
    """A template with ``$value`` for the value that the condition looks at.

    In Grafana ``$values.B.Value`` is a number; ``$values.B`` alone prints like it, but is none for a function.
    """

    def change(action: re.Match[str]) -> str:
        bare = _BARE.fullmatch(action[0]) is not None

        def name(match: re.Match[str]) -> str:
            ref = reading.passed_on.get(match["ref"], match["ref"])
            if ref == reading.subject:
                if match["rest"] == ".Labels":
                    return f"$values.{said.value_ref}.Labels"
                if match["rest"] or bare:
                    return "$value"
            return f"$values.{ref}{match['rest'] or ''}"

        return _NAMED.sub(name, action[0])

    return _ACTION.sub(change, template)
