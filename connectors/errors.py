"""What can go wrong at a door.

SourceError
├── SourceUnreadable    the source as a whole can't be opened or isn't what it claims to be
└── SourceInterrupted   it answered, then stopped; what was delivered up to the last cursor is good
"""


class SourceError(Exception):
    """A failure with a title, one plain sentence, and the next step; never any record content."""

    needs_sign_in = False
    """Whether only the patient can mend it, by signing in again."""

    def __init__(self, title: str, text: str, next_step: str) -> None:
        super().__init__(title)
        self.title = title
        self.text = text
        self.next_step = next_step


class SourceUnreadable(SourceError):
    """Nothing can be read from this source as it is."""


class SourceInterrupted(SourceError):
    """The source stopped part-way; reading can go on later from the last cursor."""
