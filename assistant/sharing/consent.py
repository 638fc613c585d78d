"""What a patient asks before the first message to someone, in the app's words."""

from assistant.sharing.model import Destination
from assistant.sharing.operators import note_on


def answers(destination: Destination) -> tuple[str, ...]:
    """Who it is, whether what goes there is kept or trained on, and how to stop it. One sentence each."""
    return (_who(destination), _kept(destination), "Stop it with F9 (everything, for everyone) or a switch.")


def _who(destination: Destination) -> str:
    if destination.in_process:
        return "This is code inside Chartside that reads your records. Nothing leaves the program."
    if destination.stays_here:
        return f"{destination.id} runs on this computer. Nothing leaves the computer."
    return f"This goes to {destination.base_url or destination.host}, to the model {destination.model}."


def _kept(destination: Destination) -> str:
    if destination.in_process or destination.adapter == "scripted":
        return "It keeps nothing and learns nothing from what it is given."
    if destination.stays_here:
        return "Whether that program keeps what it is given is up to its own settings."
    note = note_on(destination.host)
    if note is not None:
        return f"{note.text} (Known in {note.known}.)"
    return (
        "Chartside does not know what is kept there or used for training: ask the provider before you send."
    )
