"""What stands around the adapters: the environment changes nothing, and the watch lets nothing else out."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from tests.fakes.model_server import ModelServer
from tests.llm.conftest import CASES


async def in_a_process_of_its_own(part: str, url: str, **environment: str) -> Any:
    """What a function of the conftest prints as JSON; it must not print anything else."""
    script = f"from tests.llm.conftest import {part}; {part}({url!r})"
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", script),
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=PIPE,
        stderr=PIPE,
    )
    printed, complained = await child.communicate()
    assert complained == b""
    return json.loads(printed)


async def test_the_environment_changes_nothing(
    server: ModelServer, elsewhere: ModelServer, tmp_path: Path
) -> None:
    server.replies.extend([case.wire.answer("Yes.") for case in CASES] * 2)
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "default.json").write_text(json.dumps({"base_url": elsewhere.url}))
    usual = await in_a_process_of_its_own("say_what_is_shown", server.url)
    proxies = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
    headers = ("ANTHROPIC_CUSTOM_HEADERS", "OPENAI_CUSTOM_HEADERS")
    logs = ("ANTHROPIC_LOG", "OPENAI_LOG", "LITELLM_LOG", "HTTPX_LOG_LEVEL")
    keys = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "OPENAI_API_KEY", "OPENAI_ADMIN_KEY")
    hostile = await in_a_process_of_its_own(
        "say_what_is_shown",
        server.url,
        **dict.fromkeys(proxies, elsewhere.url),
        **dict.fromkeys(("ANTHROPIC_BASE_URL", "OPENAI_BASE_URL"), elsewhere.url),
        **dict.fromkeys(headers, "x-extra: taken"),
        **dict.fromkeys(logs, "debug"),
        **dict.fromkeys(keys, "sk-of-the-environment"),
        OPENAI_ORG_ID="org-1",
        OPENAI_PROJECT_ID="proj-1",
        ANTHROPIC_CONFIG_DIR=str(tmp_path),
        ANTHROPIC_PROFILE="default",
        SSLKEYLOGFILE=str(tmp_path / "keys.log"),
        SSL_CERT_FILE=str(tmp_path / "no-such-file"),
        SSL_CERT_DIR=str(tmp_path),
    )
    assert hostile == usual
    assert [text for _, text in usual] == ["Yes."] * len(CASES)
    half = len(server.received) // 2
    assert server.received[:half] == server.received[half:]
    assert not (tmp_path / "keys.log").exists()
    assert await elsewhere.connections() == 0


async def test_the_adapters_connect_only_past_the_watch(server: ModelServer, elsewhere: ModelServer) -> None:
    server.replies.extend(case.wire.answer("Yes.") for case in CASES)
    said = await in_a_process_of_its_own("say_what_is_watched", server.url)
    assert said["texts"] == ["Yes."] * len(CASES)
    assert said["refused_to_adapters"] == []
    assert said["got_through"] == []
    assert len(said["refused"]) >= said["tried"]
    assert await server.connections() == len(CASES)
