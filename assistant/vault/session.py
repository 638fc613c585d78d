"""The name of a session's type, without the price of its library (0.3 s) where it is only a name."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlmodel import Session as Session
else:
    Session = object
