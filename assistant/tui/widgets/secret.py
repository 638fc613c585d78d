"""A field for a passphrase or a key: what is typed can't be seen, and can't be copied out again."""

from textual.widgets import Input


class SecretInput(Input):
    """Textual's password field lets what is in it be copied."""

    def __init__(self, placeholder: str, *, id: str) -> None:  # noqa: A002 - the library's name
        super().__init__(password=True, placeholder=placeholder, id=id)

    def action_copy(self) -> None:
        """Nothing is copied from here."""

    def action_cut(self) -> None:
        """Nothing is copied from here."""
