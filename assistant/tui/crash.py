"""What a crash says: which kind of error, and where in the program. Never a value: it could be a record's."""

from pathlib import Path
from traceback import walk_tb
from types import TracebackType

_HOME = Path(__file__).resolve().parents[2]


def crash_words(error: BaseException) -> str:
    """A few lines for the terminal after the screen is gone."""
    while isinstance(inner := error.__cause__ or getattr(error, "error", None), BaseException):
        error = inner
    places = _places(error.__traceback__)
    return "\n".join(
        (
            "Chartside had to stop: something went wrong inside it.",
            "Your records are as they were; what you were typing is kept with them.",
            f"Kind: {type(error).__name__}",
            *(f"  {place}" for place in places[-6:]),
        )
    )


def _places(trace: TracebackType | None) -> list[str]:
    found = []
    for frame, line in walk_tb(trace):
        path = Path(frame.f_code.co_filename)
        name = path.relative_to(_HOME) if path.is_relative_to(_HOME) else Path(path.name)
        found.append(f"{name}:{line} {frame.f_code.co_name}")
    return found
