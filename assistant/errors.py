"""The one error tree. Each has a title, one plain sentence, a next step, and the exit code of the contract.

ChartsideError
├── UsageError 2          the request makes no sense as given
├── NothingDone 1         no file readable, nothing in it usable
│   └── SourceFailed 1    a source could not be read
├── ModelFailed 1         the model or the way to it failed
├── StorageFailed 1       the disk is full or refuses
├── Refused 3             sharing or safety said no; nothing was sent
├── VaultClosed 4
│   ├── NoVault 4         there is none yet
│   ├── Locked 4          no passphrase at hand
│   ├── WrongPassphrase 4 the passphrase or recovery code doesn't open it
│   └── VaultBusy 4       another instance is writing and would not share
└── VaultDamaged 5        the file or its header isn't whole
"""


class ChartsideError(Exception):
    """A failure that a person can read; it never carries record content."""

    code = 1
    title = "Something went wrong"

    def __init__(self, text: str, next_step: str, *, title: str | None = None) -> None:
        super().__init__(text)
        self.title = title or type(self).title
        self.text = text
        self.next_step = next_step


class UsageError(ChartsideError):
    """The request makes no sense as given."""

    code = 2
    title = "That can't be done like this"


class NothingDone(ChartsideError):
    """Nothing could be done."""

    title = "Nothing was done"


class SourceFailed(NothingDone):
    """A source could not be read; what was there before is unchanged."""

    title = "The source could not be read"


class ModelFailed(ChartsideError):
    """The model, or the way to it, failed."""

    title = "The model did not answer"

    sent = True
    """Whether something of the message may have left."""


class StorageFailed(ChartsideError):
    """The disk is full or refuses; the write did not happen."""

    title = "Your records could not be saved"


class Refused(ChartsideError):
    """Sharing or safety said no. Nothing was sent."""

    code = 3
    title = "Nothing was sent"


class VaultClosed(ChartsideError):
    """The vault can't be opened as asked."""

    code = 4
    title = "Your records are locked"


class NoVault(VaultClosed):
    """There is no vault yet."""

    title = "There are no records here yet"


class Locked(VaultClosed):
    """No passphrase was given and none can be asked for."""


class WrongPassphrase(VaultClosed):
    """The passphrase or recovery code does not open the vault."""

    title = "That doesn't open your records"


class VaultBusy(VaultClosed):
    """Another instance is writing and did not finish in time."""

    title = "Your records are in use"


class VaultDamaged(ChartsideError):
    """The vault's file or header is not whole."""

    code = 5
    title = "Your records' file is damaged"
