"""The providers that litellm may be asked for: those whose one request is proven to pass the gate unchanged.

Where litellm 1.106 sends by itself is what `tests/llm/test_litellm.py` holds against this table.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from assistant.errors import UsageError

_OPENAI_END = re.compile(rb'"finish_reason": ?"')
_CLAUDE_END = re.compile(rb'"type": ?"message_stop"')
_GEMINI_END = re.compile(rb'"finishReason": ?"')
_OLLAMA_END = re.compile(rb'"done": ?true')
_BEDROCK_END = re.compile(rb"messageStop")

_FIRST_GEMINIS = re.compile(
    r"gemini-(?:[12](?:\.\d+)?|exp|(?:pro|flash)(?!-(?:lite-)?latest$))(?:-|$)|gemma-"
)
"""The models that litellm asks for in `v1beta`; the others it asks for in `v1alpha`."""


class Provider(msgspec.Struct, frozen=True):
    """What has to be known of a provider to ask it through litellm."""

    name: str
    base_url: str | None
    """Where its requests begin if the patient names no address; None where everyone has another one."""
    ended: re.Pattern[bytes] = _OPENAI_END
    """What is in a whole reply and not in one that broke off: litellm completes those without a word."""
    route: str = ""
    """What litellm wants before the model's own name."""
    needs_key: bool = True
    extra: Mapping[str, Any] = {}
    """What else litellm is told."""

    def asked_for(self, model: str) -> str:
        """A model's name as litellm is given it: `gemini/gemini-2.5-pro`."""
        own = model.removeprefix(f"{self.name}/").removeprefix(self.route)
        return f"{self.name}/{self.route}{own}"


_OFFERED = (
    Provider("openai", "https://api.openai.com/v1", needs_key=False),
    Provider("anthropic", "https://api.anthropic.com", _CLAUDE_END),
    Provider("gemini", "https://generativelanguage.googleapis.com/v1beta", _GEMINI_END),
    Provider("azure", None),
    Provider("openrouter", "https://openrouter.ai/api/v1"),
    Provider("ollama_chat", "http://localhost:11434", _OLLAMA_END, needs_key=False),
    Provider("mistral", "https://api.mistral.ai/v1"),
    Provider("groq", "https://api.groq.com/openai/v1"),
    Provider("deepseek", "https://api.deepseek.com/beta"),
    Provider("together_ai", "https://api.together.ai/v1"),
    Provider("xai", "https://api.x.ai/v1"),
    # The address says the region; litellm only wants one to be named.
    Provider("bedrock", None, _BEDROCK_END, route="converse/", extra={"aws_region_name": "us-east-1"}),
)

OFFERED: Mapping[str, Provider] = {provider.name: provider for provider in _OFFERED}

_BY_HOST = "litellm chooses path and key header by the host's name, which it does not see here"
_COHERE = (
    "litellm can't read its answers while they come. Add it with the adapter openai and "
    "https://api.cohere.ai/compatibility/v1 instead"
)
_SIGN_IN = "it signs in by itself, through a browser or a file, and would go around the gate"
_SIGNED = "its requests are signed for a host, so that they can't be shown before they are made"

NOT_OFFERED: Mapping[str, str] = {
    "azure_ai": f"{_BY_HOST}. For a deployment of an OpenAI model write azure/…",
    "chatgpt": _SIGN_IN,
    "cohere": _COHERE,
    "cohere_chat": _COHERE,
    "github_copilot": _SIGN_IN,
    "huggingface": "it asks another server first which provider has the model",
    "ollama": "its older protocol knows no conversation. Write ollama_chat/…",
    "sagemaker": _SIGNED,
    "sagemaker_chat": _SIGNED,
    "vertex_ai": _SIGN_IN,
    "watsonx": "it fetches a token from another server first",
}
"""Known to litellm and not offered, with the reason; any other one is not tested."""


def provider_of(model: str) -> Provider:
    """The provider of a model that is named as litellm names it: `gemini/gemini-2.5-pro`.

    Raises:
        UsageError: it names none, or one that is not offered.
    """
    name, _, own = model.partition("/")
    known = f"Known are: {', '.join(OFFERED)}."
    if not own:
        raise UsageError(
            "The name of this model does not say its provider.", f"Write provider/model. {known}"
        )
    provider = OFFERED.get(name)
    if provider is None:
        reason = NOT_OFFERED.get(name, "it is not tested")
        raise UsageError(f"The provider “{name}” is not offered: {reason}.".replace("….", "…"), known)
    if name == "gemini" and not _FIRST_GEMINIS.match(own):
        newer = "https://generativelanguage.googleapis.com/v1alpha"
        return msgspec.structs.replace(provider, base_url=newer)
    return provider
