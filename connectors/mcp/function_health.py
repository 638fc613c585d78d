"""Function Health: it tells counts only, which check what was imported from its files."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from connectors.mcp.errors import ToolFailed
from connectors.mcp.reach import Reach

ADDRESS = "https://services.functionhealth.com/ai-chat/mcp"
MOST_TOOLS = 20
_LINE = re.compile(
    r"[\s>*#-]*([A-Za-z][A-Za-z ,()/&'-]{1,78}?)\W{0,4}[:=]\W{0,4}(\d{1,3}(?:,\d{3})+|\d{1,9})\W*"
)


class Check(msgspec.Struct, frozen=True):
    """One count beside what is held. `held` is None where nothing of this name is held."""

    name: str
    """As the server wrote it: text from outside."""
    there: int
    held: int | None

    @property
    def short(self) -> bool:
        """Whether fewer are held than the server counts."""
        return self.held is not None and self.held < self.there


async def counts(reach: Reach) -> dict[str, int]:
    """How many of each kind the server says that it has, from the tools that only read and need no question.

    Raises:
        SourceError: it can't be asked.
    """
    from connectors.mcp.session import Session

    found: dict[str, int] = {}
    async with Session(reach) as session:
        tools = [tool for tool in await session.tools() if tool.asks_nothing]
        for tool in tools[:MOST_TOOLS]:
            try:
                found |= read_counts(await session.call(tool.name, {}))
            except ToolFailed:
                continue
    return found


def read_counts(text: str) -> dict[str, int]:
    """The counts in an answer: of a JSON object by its keys, of lines like `Biomarkers: 112` by what stands
    before the number."""
    try:
        said = msgspec.json.decode(text)
    except msgspec.DecodeError:
        said = None
    if isinstance(said, dict):
        return _numbers(said)
    lines = (_LINE.fullmatch(line) for line in text.splitlines())
    return {line[1].strip(): int(line[2].replace(",", "")) for line in lines if line}


def cross_check(there: Mapping[str, int], held: Mapping[str, int]) -> tuple[Check, ...]:
    """Each count beside the number of what is held under the same name, capitals and spaces aside."""
    own = {_plain(name): number for name, number in held.items()}
    return tuple(Check(name, number, own.get(_plain(name))) for name, number in there.items())


def _numbers(said: Mapping[str, Any], above: str = "") -> dict[str, int]:
    found: dict[str, int] = {}
    for key, value in said.items():
        name = f"{above} {key}".strip()
        if isinstance(value, Mapping) and above.count(" ") < 3:
            found |= _numbers(value, name)
        elif isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            found[name] = value
    return found


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()
