"""How large a spec may be and what it may not have.

Apart from the loader, so that asking costs no YAML parser.
"""

from dashgen.core.lazy_pattern import lazy_pattern

MAX_BYTES = 16 * 1024 * 1024
CONTROL = lazy_pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
MARK = b"dashgen: ignore"
"""What a comment has that silences findings."""
