"""What can go wrong while signing in. None carries a token, a code, or the other side's own text.

SourceError
├── NotSupported      the server doesn't offer what a safe sign-in needs
├── SignInFailed      this attempt ended without access
│   ├── WrongState    the answer belongs to another attempt; this one may still succeed
│   ├── Denied        the patient, or the provider, said no
│   └── NotWhoItSays  the answer comes from another server than the one asked, or is about another person
├── SignInNeeded      access has ended; only the patient can give it again
├── ClientRefused     the server doesn't accept this program's registration
└── LandingFailed     the place to land on after signing in can't be opened, or nobody came
"""

from connectors.errors import SourceError


class NotSupported(SourceError):
    """The server doesn't offer what a safe sign-in needs."""

    def __init__(self, host: str, what: str) -> None:
        super().__init__(
            "This provider can't be linked this way",
            f"{host} {what}.",
            "Ask the provider for a file of your records and open that.",
        )


class SignInFailed(SourceError):
    """This attempt ended without access."""

    def __init__(self, text: str, next_step: str = "Start the sign-in again.") -> None:
        super().__init__("The sign-in did not finish", text, next_step)


class WrongState(SignInFailed):
    """The answer belongs to another attempt."""

    def __init__(self) -> None:
        super().__init__(
            "The page you landed on does not belong to this sign-in.",
            "Use the page that the newest sign-in ended on, or start again.",
        )


class Denied(SignInFailed):
    """Someone said no."""

    def __init__(self, text: str, code: str, next_step: str = "Start the sign-in again.") -> None:
        super().__init__(text, next_step)
        self.code = code
        """The error code of OAuth, or `other` where the server used one of its own."""


class NotWhoItSays(SignInFailed):
    """The answer can't be trusted to come from the server that was asked, or to be about the same person."""

    def __init__(self, text: str) -> None:
        super().__init__(text, "Don't go on with this sign-in. Check the provider's address and start again.")


class SignInNeeded(SourceError):
    """Access has ended; only the patient can give it again. Records and settings stay."""

    needs_sign_in = True

    def __init__(self, host: str, *, lost: bool = False) -> None:
        why = (
            "An answer that renewed your access was lost on the way, so the sign-in has ended"
            if lost
            else "Your access there has ended or was taken back"
        )
        super().__init__("You need to sign in again", f"{host}: {why}.", "Sign in again; your records stay.")
        self.lost = lost


class ClientRefused(SourceError):
    """The server doesn't accept this program's registration."""

    def __init__(self, host: str) -> None:
        super().__init__(
            "The provider does not know this app",
            f"{host} does not accept the client id, or the key that goes with it.",
            "Check the client id that you registered; a new one can take days to work everywhere.",
        )


class LandingFailed(SourceError):
    """The place to land on can't be opened, or nobody came."""

    def __init__(self, text: str, next_step: str) -> None:
        super().__init__("The sign-in page can't come back here", text, next_step)
