"""Ready-made questions: `skills` lists them, `skills show ID` shows one with all that a model is told."""

from typing import Any

import click

from assistant.bootstrap import own_skills_folder
from assistant.chat.skills import Offered, Skills
from assistant.cli.output import emit, json_option


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def skills(ctx: click.Context, as_json: bool) -> None:
    """Ready-made questions: `ask --skill ID` asks one, and in a chat `/ID`."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_skills, as_json=as_json)


@skills.command("list")
@json_option
def list_skills(as_json: bool) -> None:
    """All of them, and what is wrong with files of yours that can't be used."""
    shelf = Skills(own_skills_folder)
    ready, wrong = shelf.look()
    document = {
        "skills": [_document(offered) for offered in ready],
        "folder": str(shelf.folder),
        "refused": list(wrong),
    }
    lines = [f"{o.skill.id:<16}  {o.skill.name}{' (yours)' if o.own else ''}" for o in ready]
    lines += ["", f"Yours are read from {shelf.folder}", *(f"! {text}" for text in wrong)]
    emit(document, lines, as_json=as_json)


@skills.command("show")
@click.argument("name", metavar="ID")
@json_option
def show_skill(name: str, as_json: bool) -> None:
    """One of them: what it asks, and what a model is told with it."""
    offered = Skills(own_skills_folder).get(name)
    skill = offered.skill
    document = {"skill": {**_document(offered), "text": skill.text}}
    lines = [
        f"{skill.name} (/{skill.id}, version {skill.version}{', yours' if offered.own else ''})",
        f"Asks: {skill.asks}",
        *([f"Looks only in: {', '.join(skill.categories)}"] if skill.categories else []),
        "",
        skill.text,
        f"sha256 {skill.sha256}",
    ]
    emit(document, lines, as_json=as_json)


def _document(offered: Offered) -> dict[str, Any]:
    skill = offered.skill
    return {
        "id": skill.id,
        "version": skill.version,
        "name": skill.name,
        "asks": skill.asks,
        "categories": list(skill.categories),
        "variables": list(skill.variables),
        "own": offered.own,
        "sha256": skill.sha256,
    }


COMMANDS: dict[str, click.Command] = {"skills": skills}
