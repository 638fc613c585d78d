"""Where one can go from anywhere, by key, palette or mouse. Each screen is loaded when it is first wanted."""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from assistant.sharing.model import OFFLINE
from assistant.tui.guarded import guarded

if TYPE_CHECKING:
    from textual.binding import BindingType
    from textual.screen import Screen
    from textual.widget import Widget

    from assistant.tui.app import ChartsideApp


def _push(app: "ChartsideApp", screen: "Screen[Any]", then: "Callable[[Any], None] | None" = None) -> None:
    """Put a screen on top, unless one of its kind is open already."""
    if not any(type(open_one) is type(screen) for open_one in app.screen_stack):
        app.push_screen(screen, then)


def _records(app: "ChartsideApp") -> None:
    if app.house is not None:
        from assistant.tui.screens.records import RecordsScreen

        _push(app, RecordsScreen(app.house.shelf))


def _chats(app: "ChartsideApp") -> None:
    if app.house is not None:
        from assistant.tui.screens.chats import ChatsScreen

        _push(app, ChatsScreen(app.house.chats), lambda chat: _go_on(app, chat))


def _go_on(app: "ChartsideApp", chat: str | None) -> None:
    if app.chat is not None:
        doing = app.chat.go_on(chat) if chat is not None else app.chat.leave_deleted()
        app.run_worker(guarded(app, doing), group="go on", exclusive=True)


def _whom(app: "ChartsideApp") -> None:
    if app.house is not None:
        from assistant.tui.screens.whom import WhomScreen

        _push(app, WhomScreen(app.house), lambda chosen: _ask(app, chosen))


def _ask(app: "ChartsideApp", destination: str | None) -> None:
    if app.chat is None or app.chat.desk is None:
        return
    if destination is None and app.chat.desk.removed:
        destination = OFFLINE.id
    if destination is not None:
        app.run_worker(guarded(app, app.chat.ask_someone_else(destination)), group="whom", exclusive=True)


def _compare(app: "ChartsideApp") -> None:
    if app.house is not None:
        from assistant.tui.screens.compare import CompareScreen

        _push(app, CompareScreen(app.house, app.chat.composer.text.strip() if app.chat else ""))


def _import(app: "ChartsideApp") -> None:
    if app.house is not None:
        from assistant.tui.screens.importing import ImportScreen

        _push(app, ImportScreen(app.house), lambda question: _imported(app, question))


def _providers(app: "ChartsideApp", *, at_once: bool = False) -> None:
    if app.house is not None:
        from assistant.tui.screens.providers import ProvidersScreen

        _push(app, ProvidersScreen(app.house, at_once=at_once), lambda question: _imported(app, question))


def _link(app: "ChartsideApp") -> None:
    _providers(app, at_once=True)


def _imported(app: "ChartsideApp", question: str | None) -> None:
    if app.chat is not None:
        app.run_worker(guarded(app, app.chat.refresh_sharing()), group="refresh", exclusive=True)
        if question:
            app.chat.ask(question)


def _visits(app: "ChartsideApp") -> None:
    if app.house is not None:
        from assistant.tui.screens.visits import VisitsScreen

        _push(app, VisitsScreen(app.house.visits, app.house.shelf))


def _ledger(app: "ChartsideApp") -> None:
    if app.house is not None:
        from assistant.tui.screens.ledger import LedgerScreen

        style = app.settings.date_style
        _push(app, LedgerScreen(app.house.ledger, app.house.verify_ledger, date_style=style))


def _settings(app: "ChartsideApp") -> None:
    from assistant.settings import settings_path
    from assistant.tui.keys import conflicts
    from assistant.tui.screens.settings import SettingsScreen

    def wrong(keys: Mapping[str, str]) -> Sequence[str]:
        return conflicts(every_binding(), keys)

    _push(app, SettingsScreen(app.settings, app.changed, settings_path(), conflicts=wrong))


def _help(app: "ChartsideApp") -> None:
    from assistant.tui.screens.help import HelpScreen

    if not isinstance(app.screen, HelpScreen):
        _push(app, HelpScreen.about(app.screen))


def _jump(app: "ChartsideApp") -> None:
    from assistant.tui.screens.jump import JumpScreen

    screen = app.screen

    def go(place: "Widget | None") -> None:
        if place is not None:
            screen.set_focus(place)

    _push(app, JumpScreen(screen), go)


PLACES: Mapping[str, Callable[["ChartsideApp"], None]] = {
    "records": _records,
    "chats": _chats,
    "whom": _whom,
    "compare": _compare,
    "visits": _visits,
    "import": _import,
    "providers": _providers,
    "link": _link,
    "ledger": _ledger,
    "settings": _settings,
    "help": _help,
    "jump": _jump,
}
"""By the names that the app's bindings use."""


def every_binding() -> Mapping[str, Sequence["BindingType"]]:
    """The bindings that can be at work together, by a name for where."""
    from textual.widgets import Input, OptionList, Select, TextArea

    from assistant.tui.app import ChartsideApp
    from assistant.tui.screens import (
        chat,
        chats,
        coming,
        compare,
        fetching_lists,
        find_provider,
        importing,
        ledger,
        outgoing,
        providers,
        record,
        records,
        registering,
        settings,
        signing_in,
        syncing,
        timeline,
        visit,
        visits,
        whom,
    )
    from assistant.tui.widgets.composer import Composer
    from assistant.tui.widgets.message import AnswerView
    from assistant.tui.widgets.record_list import RecordList
    from assistant.tui.widgets.sharing_column import Switches

    typed = (*Composer.BINDINGS, *TextArea.BINDINGS)
    together: Mapping[str, tuple[Sequence[BindingType], ...]] = {
        "the conversation": (chat.ChatScreen.BINDINGS, typed),
        "an answer": (chat.ChatScreen.BINDINGS, AnswerView.BINDINGS),
        "the sharing column": (chat.ChatScreen.BINDINGS, Switches.BINDINGS, OptionList.BINDINGS),
        "the outgoing message": (outgoing.OutgoingScreen.BINDINGS, OptionList.BINDINGS),
        "searching the records": (records.RecordsScreen.BINDINGS, Input.BINDINGS),
        "the records": (RecordList.BINDINGS,),
        "a record": (record.RecordScreen.BINDINGS,),
        "the timeline": (timeline.TimelineScreen.BINDINGS, OptionList.BINDINGS),
        "the conversations": (chats.ChatsScreen.BINDINGS, Input.BINDINGS),
        "opening a file": (importing.ImportScreen.BINDINGS, Input.BINDINGS),
        "the providers": (providers.ProvidersScreen.BINDINGS, OptionList.BINDINGS),
        "finding a provider": (find_provider.FindProviderScreen.BINDINGS, Input.BINDINGS),
        "lists of providers": (fetching_lists.ListsScreen.BINDINGS, OptionList.BINDINGS),
        "before signing in": (registering.RegisteringScreen.BINDINGS, Input.BINDINGS, Select.BINDINGS),
        "signing in": (signing_in.SigningInScreen.BINDINGS, Input.BINDINGS),
        "what will come": (coming.ComingScreen.BINDINGS,),
        "fetching": (syncing.SyncScreen.BINDINGS, OptionList.BINDINGS),
        "comparing": (compare.CompareScreen.BINDINGS, Input.BINDINGS, OptionList.BINDINGS),
        "whom to ask": (whom.WhomScreen.BINDINGS, OptionList.BINDINGS),
        "the visit sheets": (visits.VisitsScreen.BINDINGS, OptionList.BINDINGS),
        "a visit sheet": (visit.VisitScreen.BINDINGS, OptionList.BINDINGS),
        "the ledger": (ledger.LedgerScreen.BINDINGS, OptionList.BINDINGS),
        "the settings": (settings.SettingsScreen.BINDINGS, OptionList.BINDINGS),
    }
    return {where: tuple(chain(ChartsideApp.BINDINGS, *parts)) for where, parts in together.items()}
