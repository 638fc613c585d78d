"""The looks of the app. Meaning is never carried by color alone, so that each of them can be without."""

import os

from textual.theme import Theme

_ANSI = "ansi-dark"
"""Textual's own theme that takes text and background from the terminal, whether that is dark or light."""

DARK = Theme(
    name="chartside-dark",
    dark=True,
    primary="#6fb3c8",
    secondary="#8fa8d4",
    accent="#d9b36c",
    warning="#e3b55f",
    error="#f0928e",
    success="#86c79a",
    foreground="#e4e8ea",
    background="#12181b",
    surface="#192125",
    panel="#222c31",
    variables={
        "text-muted": "auto 75%",
        "foreground-muted": "#a9b6bb",
        "block-cursor-background": "#25505e",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#26363c",
        "border-blurred": "#3a494f",
        "footer-key-foreground": "#8fcadb",
        "button-color-foreground": "#12181b",
    },
)

LIGHT = Theme(
    name="chartside-light",
    dark=False,
    primary="#1f6276",
    secondary="#3d5689",
    accent="#7a5310",
    warning="#80500a",
    error="#a32a2a",
    success="#226339",
    foreground="#1c2528",
    background="#fafbfb",
    surface="#f1f4f4",
    panel="#e5eaeb",
    variables={
        "text-muted": "auto 75%",
        "foreground-muted": "#4d5a5f",
        "block-cursor-background": "#1f6276",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#d3e0e4",
        "border-blurred": "#b5c1c5",
        "footer-key-foreground": "#1f6276",
        "button-color-foreground": "#ffffff",
    },
)

CONTRAST = Theme(
    name="chartside-contrast",
    dark=True,
    primary="#7fdcff",
    secondary="#c3d2ff",
    accent="#ffe066",
    warning="#ffe066",
    error="#ffb0b0",
    success="#9dff9d",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#14181a",
    variables={
        "text-muted": "auto 90%",
        "text-disabled": "auto 75%",
        "foreground-muted": "#e0e0e0",
        "foreground-disabled": "#c0c0c0",
        "block-cursor-background": "#ffe066",
        "block-cursor-foreground": "#000000",
        "block-cursor-blurred-background": "#003a4d",
        "border": "#ffe066",
        "border-blurred": "#ffffff",
        "footer-key-foreground": "#ffe066",
        "button-color-foreground": "#000000",
        "input-cursor-background": "#ffe066",
        "input-cursor-foreground": "#000000",
        "input-selection-background": "#004f69",
    },
)

THEMES = (DARK, LIGHT, CONTRAST)
"""To be registered with the app; the one of the terminal's colors is Textual's own."""

_NAMES = {"dark": DARK.name, "light": LIGHT.name, "contrast": CONTRAST.name, "ansi": _ANSI}


def theme_name(settings_theme: str) -> str:
    """Textual's name for a theme as the settings call it."""
    # Where NO_COLOR is set, Textual's filter to grey would make the terminal's own colors black on black.
    if settings_theme == "ansi" and "NO_COLOR" in os.environ:
        return DARK.name
    return _NAMES[settings_theme]
