"""What operators of models say they keep, with the month of that knowledge. Their word, not a proof.

Sources: Anthropic's privacy centre on its commercial API; OpenAI's "Data controls in the OpenAI platform";
the Gemini API additional terms; OpenRouter's and Mistral's documentation.
"""

import msgspec


class Note(msgspec.Struct, frozen=True):
    """What one operator says."""

    text: str
    known: str
    """`Apr 2026`: when that was read."""


_NOTES: dict[str, Note] = {
    "api.anthropic.com": Note(
        "Anthropic says that what comes by its API is not used for training. It is deleted within 30 days "
        "unless the law or its rules on misuse ask for longer.",
        "Feb 2026",
    ),
    "api.openai.com": Note(
        "OpenAI says that what comes by its API is not used for training unless you choose that. It is kept "
        "up to 30 days to look for misuse, longer where the law asks for it.",
        "Apr 2026",
    ),
    "generativelanguage.googleapis.com": Note(
        "Google says that without billing it uses what you send to improve its products and people may read "
        "it, and that with billing it does not. Its terms exclude use for medical advice.",
        "May 2025",
    ),
    "openrouter.ai": Note(
        "OpenRouter passes your message on to other companies, each with rules of its own; you can exclude "
        "those that keep or train in your account there.",
        "Apr 2026",
    ),
    "api.mistral.ai": Note(
        "Mistral says that what comes by its paid API is not used for training unless you agree.", "Apr 2026"
    ),
    "api.groq.com": Note(
        "Groq says that it does not train on what comes by its API, and may log it for a time to look for "
        "misuse.",
        "Apr 2026",
    ),
}


def note_on(host: str | None) -> Note | None:
    """What the operator of a host says; None where nothing is known here."""
    return _NOTES.get((host or "").partition(":")[0])
