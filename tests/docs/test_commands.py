"""The docs are true: every command that they show runs."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.fakes import small

DOCS = (
    *("README.md", "LIMITS.md", "docs/commands.md", "docs/settings.md", "docs/models.md"),
    *("docs/visit.md", "docs/skills.md", "docs/checks.md", "docs/answers.md", "docs/providers.md"),
    "docs/linking.md",
)


def shell_blocks(document: str) -> list[list[str]]:
    """The commands of each block that is marked as shell."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / document).read_text(), re.DOTALL)
    return [block.strip().splitlines() for block in blocks]


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """The surroundings of a person who follows the README: a file of records, a passphrase, no vault yet."""
    labs = [small.ldl("o1", 148, "2019-03-12"), small.ldl("o2", 96, "2026-02-10")]
    entries = [{"resource": resource} for resource in (small.patient(), *labs)]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    (tmp_path / "my-records.json").write_text(json.dumps(bundle))
    session = re.search(r"```toml\n(.*?)```", (ROOT / "docs/simulate.md").read_text(), re.DOTALL)
    assert session is not None
    (tmp_path / "latest.toml").write_text(session[1])
    (tmp_path / "passphrase").write_text("correct horse battery staple\n")
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "CHARTSIDE_HOME": str(tmp_path / "home"),
        "CHARTSIDE_PASSPHRASE_FILE": str(tmp_path / "passphrase"),
        "CHARTSIDE_TEST_KDF": "1",
    }


@pytest.mark.parametrize(
    ("document", "before"),
    [
        ("README.md", ()),
        ("docs/models.md", ("chartside init", "chartside import my-records.json")),
        ("docs/visit.md", ("chartside init", "chartside import my-records.json")),
    ],
)
def test_what_a_page_shows_works_word_for_word(
    document: str, before: tuple[str, ...], shell: dict[str, str], tmp_path: Path
) -> None:
    commands = [command for block in shell_blocks(document) for command in block]
    assert len(commands) > 5
    for command in (*before, *commands):
        ran = subprocess.run(
            shlex.split(command),
            env=shell,
            cwd=tmp_path,
            input="What was my last LDL?\n/quit\n",
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert ran.returncode == 0, f"{command}: {ran.stdout}{ran.stderr}"


def test_the_demo_answers_without_being_asked(shell: dict[str, str], tmp_path: Path) -> None:
    ran = subprocess.run(
        ["chartside", "demo"], env=shell, cwd=tmp_path, input="", capture_output=True, text=True, check=True
    )
    assert "SHARING" in ran.stdout
    picture = re.sub(r"<[^>]+>", "", (ROOT / "docs/screen.svg").read_text()).replace("&#160;", " ")
    for told in (
        "148 mg/dL on 12 Mar 2019 to 96 mg/dL on 10 Feb 2026",
        "Penicillin is in your records as refuted",
    ):
        assert told in ran.stdout
        assert told in picture


@pytest.mark.parametrize("document", DOCS)
def test_every_command_and_option_named_exists(document: str) -> None:
    from assistant.cli.main import COMMANDS

    named = re.findall(r"`chartside ([a-z][a-z-]*)", (ROOT / document).read_text())
    assert set(named) <= set(COMMANDS)


@pytest.mark.parametrize("document", DOCS)
def test_every_link_leads_somewhere(document: str) -> None:
    path = ROOT / document
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", path.read_text())
    assert all((path.parent / link).exists() for link in links)


def test_every_command_has_help() -> None:
    import click

    from assistant.cli.main import COMMANDS, chartside

    for name, (_, text) in COMMANDS.items():
        command = chartside.get_command(click.Context(chartside), name)
        assert command is not None
        assert command.help
        assert text
