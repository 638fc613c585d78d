"""A value that is never printed by accident."""

from typing import Any

import msgspec


class Secret(msgspec.Struct, frozen=True):
    """A token, a code or a key; shown as nothing by `repr`, `str`, a traceback with locals, or a pretty
    printer."""

    value: str

    def __repr__(self) -> str:
        return "Secret(...)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return []
