"""The command line's front door. It imports click and nothing else until a command is chosen."""

import importlib
import sys
from collections.abc import Sequence

import click

from assistant.llm.watch import process_watch

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("vault", "Make the encrypted file that will hold your records."),
    "passphrase": ("vault", "Change your passphrase."),
    "recover": ("vault", "Set a new passphrase with your recovery code."),
    "remember": ("vault", "Let this computer's keychain open your records."),
    "lock": ("vault", "Forget what the keychain remembers: ask for the passphrase again."),
    "backup": ("safekeeping", "Write everything into one encrypted file."),
    "restore": ("safekeeping", "Bring back what a backup file holds."),
    "forget": ("safekeeping", "Delete records, a source, or everything."),
    "doctor": ("safekeeping", "Look whether everything is in order."),
    "ledger": ("safekeeping", "What was sent, changed and looked at, and when."),
    "import": ("records", "Bring in a file or a folder."),
    "records": ("records", "List and search your records."),
    "record": ("records", "One record with all that is known about it."),
    "facts": ("records", "What can be worked out from your records."),
    "sources": ("records", "Where your records came from."),
    "providers": ("providers", "Find a hospital or practice to link; fetch lists of them."),
    "link": ("linking", "Sign in at a provider and fetch your records."),
    "sync": ("linking", "Fetch what is new from linked providers."),
    "unlink": ("linking", "Leave a linked provider; keep or delete its records."),
    "set-aside": ("records", "What was kept but isn't used, and why."),
    "sharing": ("sharing", "What may go where."),
    "share": ("sharing", "Let a destination see a category."),
    "unshare": ("sharing", "Stop sharing."),
    "models": ("models", "Whom you can ask; add a model."),
    "ask": ("asking", "Ask a question about your records."),
    "skills": ("skills", "Ready-made questions, yours too."),
    "compare": ("comparing", "Ask several the same question, side by side."),
    "chats": ("asking", "Your conversations."),
    "chat": ("chatting", "Talk with your records, line by line; or show a conversation."),
    "simulate": ("simulating", "Replay a session file and report."),
    "visit": ("visits", "Prepare a visit: questions, what changed, what to bring."),
    "demo": ("screen", "Try it with an invented patient."),
}
"""Each command's module in `assistant.cli` and its one-line help."""


class LazyGroup(click.Group):
    """Loads a command's module when the command is used, so that help costs no more than click."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, loaded."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"assistant.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.COMMANDS[cmd_name]
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Help from the table: no module is loaded for it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Every command takes --json after it.",
)
@click.version_option(package_name="chartside", prog_name="chartside")
@click.pass_context
def chartside(ctx: click.Context) -> None:
    """Ask your own medical records. Nothing leaves this computer before you have seen it."""
    if ctx.invoked_subcommand is None:
        module = importlib.import_module("assistant.cli.screen")
        ctx.invoke(module.screen)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with the contract's code."""
    if arguments is None:
        # A process of its own: from here on it connects to what a release allows, and to nothing else.
        process_watch().install()
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = chartside.main(args=arguments, prog_name="chartside", standalone_mode=False)
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001 - the outer edge: nothing may end in a traceback
        from assistant.cli.edge import report

        sys.exit(report(error, as_json="--json" in arguments))
    sys.exit(code if isinstance(code, int) else 0)
