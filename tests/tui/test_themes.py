"""Every theme can be read: contrast as WCAG counts it, and a screen that works in each and without color."""

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.color import Color
from textual.theme import Theme
from textual.widgets import Footer, Input, OptionList, Static

from assistant.settings import choices
from assistant.tui.drawn import drawn, drawn_line, joined
from assistant.tui.themes import CONTRAST, DARK, LIGHT, THEMES, theme_name

GROUNDS = ("background", "surface", "panel")
WORDS = (
    "foreground",
    "foreground-muted",
    "primary",
    "secondary",
    "accent",
    "warning",
    "error",
    "success",
    "text-primary",
    "text-secondary",
    "text-accent",
    "text-warning",
    "text-error",
    "text-success",
    "footer-key-foreground",
)
ON_COLOR = ("primary", "warning", "error", "success")


def luminance(color: Color) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [part / 255 for part in (color.r, color.g, color.b)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(text: str, ground: str) -> float:
    """The contrast of text on a ground."""
    below = Color.parse(ground)
    word, _, alpha = text.partition(" ")
    above = below.get_contrast_text(float(alpha[:-1]) / 100) if word == "auto" else Color.parse(text)
    lighter, darker = sorted((luminance(below + above), luminance(below)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def contrasts(theme: Theme) -> dict[tuple[str, str], float]:
    """The contrast of everything that can stand on something else."""
    made = theme.to_color_system().generate()
    pairs = [(word, ground) for word in (*WORDS, "text", "text-muted") for ground in GROUNDS]
    pairs += [
        (f"block-cursor-{blur}foreground", f"block-cursor-{blur}background") for blur in ("", "blurred-")
    ]
    pairs += [
        (word, f"block-cursor-{b}background") for word in ("text", "text-muted") for b in ("", "blurred-")
    ]
    pairs += [("button-color-foreground", ground) for ground in ON_COLOR]
    return {(word, ground): ratio(made[word], made[ground]) for word, ground in pairs}


def test_black_on_white_is_21_to_1() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize(("theme", "least"), [(DARK, 4.5), (LIGHT, 4.5), (CONTRAST, 7)])
def test_everything_can_be_read(theme: Theme, least: float) -> None:
    assert {pair: found for pair, found in contrasts(theme).items() if found < least} == {}


def test_muted_text_is_quieter_and_not_the_same() -> None:
    for theme in (DARK, LIGHT):
        found = contrasts(theme)
        assert found["text-muted", "background"] < found["foreground", "background"]


class Sampler(App[None]):
    """A little of everything."""

    def compose(self) -> ComposeResult:
        yield Static(joined(drawn("LDL 96 mg/dL"), drawn(" 120 mm[Hg]", "$text-muted")), id="said")
        yield OptionList(drawn_line("one"), drawn_line("two"))
        yield Input("typed")
        yield Footer()

    def on_mount(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)


def drawn_words(app: App[None]) -> list[Segment]:
    """Everything on the screen that is no blank."""
    lines = app.screen._compositor.render_strips()
    return [segment for line in lines for segment in line if segment.text.strip()]


def names(segment: Segment) -> tuple[str, str]:
    """The colors of what is written, and of the ground under it."""
    style = segment.style or Style()
    return tuple("default" if c is None else c.name for c in (style.color, style.bgcolor))  # type: ignore[return-value]


def is_grey(name: str) -> bool:
    return name == "default" or len({name[1:3], name[3:5], name[5:7]}) == 1


@pytest.mark.parametrize("choice", choices("theme"))
async def test_each_theme_of_the_settings_is_shown(choice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    app = Sampler()
    async with app.run_test() as pilot:
        app.theme = theme_name(choice)
        await pilot.pause()
        words = drawn_words(app)
        assert "LDL 96 mg/dL 120 mm[Hg]" in "".join(segment.text for segment in words)
        assert app.current_theme.ansi == (choice == "ansi")
        if choice != "ansi":
            assert all(ground != word for word, ground in map(names, words))


@pytest.mark.parametrize("choice", choices("theme"))
async def test_without_color_all_of_it_can_be_seen(choice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = Sampler()
    async with app.run_test() as pilot:
        app.theme = theme_name(choice)
        await pilot.pause()
        words = drawn_words(app)
        assert "LDL 96 mg/dL 120 mm[Hg]" in "".join(segment.text for segment in words)
        for word, ground in map(names, words):
            assert word != ground
            assert is_grey(word)
            assert is_grey(ground)


def test_names_are_those_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    named = [theme_name(choice) for choice in choices("theme")]
    assert named == [*(theme.name for theme in THEMES), "ansi-dark"]
