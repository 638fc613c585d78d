"""What a screen does may fail: then the patient is told, and the screen stays."""

from collections.abc import Awaitable
from typing import Any

from textual.app import App

from assistant.errors import ChartsideError
from assistant.safe_text import safe_text


def tell(app: App[Any], text: str, *, title: str = "", warning: bool = False) -> None:
    """A notice at the edge of the screen."""
    app.notify(
        safe_text(text),
        title=safe_text(title),
        severity="warning" if warning else "information",
        markup=False,
    )


async def guarded(app: App[Any], doing: Awaitable[object]) -> None:
    """Do something; what fails is told, with what to do next."""
    try:
        await doing
    except ChartsideError as error:
        tell(app, f"{error.text} {error.next_step}", title=error.title, warning=True)
