"""Open a file: how far it is, what was found, and taking it back."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.suggester import Suggester
from textual.widgets import Input, OptionList, ProgressBar, Static
from textual.widgets.option_list import Option
from textual.worker import Worker, WorkerError

from assistant.errors import ChartsideError
from assistant.records.model import CATEGORY_NAMES
from assistant.tui.doors import FIRST_QUESTIONS
from assistant.tui.drawn import drawn
from assistant.tui.guarded import guarded
from assistant.tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from assistant.bootstrap import House
    from assistant.links.background import Background
    from assistant.links.report import ImportReport


class Paths(Suggester):
    """Completes the path of a file."""

    async def get_suggestion(self, value: str) -> str | None:
        """The first file or folder that begins like this."""
        return await asyncio.to_thread(completed, value)


def completed(value: str) -> str | None:
    """The first path, in order, that begins with what is typed; None where there is none."""
    if not value:
        return None
    typed = Path(value).expanduser()
    folder = typed if value.endswith("/") else typed.parent
    start = "" if value.endswith("/") else typed.name
    try:
        names = sorted(entry.name for entry in folder.iterdir() if entry.name.startswith(start))
    except OSError:
        return None
    return f"{value.removesuffix(start)}{names[0]}" if names and start else None


class ImportScreen(Screen[str | None]):
    """Dismissed with a question to ask next, or None."""

    HELP = (
        "Type where the file or folder is and press Enter; Right takes the suggestion. Nothing is kept if it "
        "fails or you stop it."
    )
    CSS = """
    ImportScreen VerticalScroll { padding: 1 2; }
    ImportScreen ProgressBar { margin: 1 0; display: none; }
    ImportScreen.running ProgressBar { display: block; }
    ImportScreen OptionList { height: auto; margin: 1 0; display: none; }
    ImportScreen.done OptionList { display: block; }
    """
    AUTO_FOCUS = "#path"
    BINDINGS = [
        Binding("escape", "leave", "Back", id="import.back", tooltip="Back to the conversation"),
        Binding("f2", "stop", "Stop reading", id="import.stop", tooltip="Stop it; nothing is kept"),
        Binding("ctrl+z", "undo", "Take it back", id="import.undo", tooltip="Take this import back"),
    ]

    def __init__(self, house: "House") -> None:
        super().__init__()
        self._house = house
        self._run: Background[ImportReport] | None = None
        self._worker: Worker[None] | None = None
        self._done: str | None = None

    def compose(self) -> ComposeResult:
        """The field, the bar, what was found, questions."""
        with VerticalScroll():
            yield Static(drawn("Open a file", "bold $text-primary"))
            yield Static(
                drawn(
                    "A FHIR export (.json, .ndjson) or a folder of them. It is read in a locked-in process "
                    "and kept encrypted on this computer."
                )
            )
            yield Input(
                placeholder="~/Downloads/my-records.json", suggester=Paths(case_sensitive=True), id="path"
            )
            yield ProgressBar(id="bar", show_eta=False)
            yield Static(id="found")
            yield OptionList(*[Option(drawn(text), id=text) for text in FIRST_QUESTIONS], id="next")
        yield KeyLine()

    @property
    def working(self) -> bool:
        """Whether something is being read."""
        return self._run is not None

    async def leave(self) -> None:
        """Stop reading; nothing of it is kept."""
        if self._run is not None and self._worker is not None:
            self._run.stop()
            with suppress(WorkerError):
                await self._worker.wait()

    def on_mount(self) -> None:
        """Look at the progress several times a second."""
        self.set_interval(0.2, self._look)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Read it."""
        path = Path(event.value.strip()).expanduser()
        if not event.value.strip() or not path.exists():
            self._tell("There is no such file or folder.")
        elif self._run is None:
            self._worker = self.run_worker(self._import(path), group="import", name="an import")

    async def _import(self, path: Path) -> None:
        from assistant.bootstrap import file_connector
        from assistant.links.background import background_import

        self._run = run = background_import(self._house.vault, [file_connector(path)], self._house.clock)
        self.add_class("running")
        self._tell("Reading …")
        self.refresh_bindings()
        try:
            report = await asyncio.to_thread(run.run)
        except ChartsideError as error:
            self._tell(f"{error.title}. {error.text} {error.next_step}")
        else:
            await self._tell_found(report)
        finally:
            self._run = None
            self.remove_class("running")
            self.refresh_bindings()

    async def _tell_found(self, report: "ImportReport | None") -> None:
        if report is None:
            self._tell("Stopped. Nothing of it was kept.")
            return
        from assistant.links.telling import report_lines

        counts = await asyncio.to_thread(self._house.shelf.counts)
        has = [f"  {CATEGORY_NAMES[category]:<22}{count:>7,}" for category, count in counts.items()]
        self._done = report.id
        self._tell("\n".join([*report_lines(report, why=True), "", "Your records now:", *has]))
        if report.id is not None:
            self.add_class("done")
            self.query_one("#next").focus()

    def _look(self) -> None:
        if self._run is not None:
            progress = self._run.progress
            self.query_one(ProgressBar).update(total=progress.total, progress=progress.done)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask one of the first questions."""
        self.dismiss(event.option_id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what can be done now."""
        if action == "stop":
            return self._run is not None
        if action == "undo":
            return self._done is not None and self._run is None
        return True

    def action_leave(self) -> None:
        """Back to the conversation."""
        if self._run is None:
            self.dismiss(None)
        else:
            self._tell("Still reading. F2 stops it.")

    def action_stop(self) -> None:
        """Stop reading."""
        if self._run is not None:
            self._run.stop()

    async def action_undo(self) -> None:
        """Take the import back."""
        await guarded(self.app, self._undo())

    async def _undo(self) -> None:
        if self._done is not None:
            from assistant.links.removal import undo

            gone = await asyncio.to_thread(undo, self._house.vault, self._done, self._house.clock)
            self._done = None
            self.remove_class("done")
            self._tell(f"Taken back: {gone.removed} records are gone, {gone.restored} are as before.")
            self.refresh_bindings()

    def _tell(self, text: str) -> None:
        self.query_one("#found", Static).update(drawn(text))
