"""Only a web address gets to the browser, as one argument, to one program."""

from collections.abc import Mapping, Sequence

import pytest

from connectors.net_errors import BadAddress
from connectors.smart.opening import open_url, opener

REFUSED = (
    *("javascript:alert(1)", "JAVASCRIPT:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)"),
    *("file:///etc/passwd", "FILE:///etc/passwd", "file://host/share", "data:text/html,x", "vbscript:x"),
    *("ftp://a.example/", "mailto:a@b.example", "tel:112", "sms:1", "ssh://a.example", "smb://a.example/x"),
    *("ms-settings:", "search-ms:query=x", "ms-msdt:/id", "vscode://x", "steam://run/1", "x-apple:x"),
    *(
        "-a",
        "--new-window",
        "-url http://a.example",
        "--",
        "",
        " ",
        "\t",
        "\n",
        "$(id)",
        "`id`",
        "; id",
        "| id",
    ),
    *(
        "& calc",
        "&& calc",
        "a.example",
        "//a.example",
        "/etc/passwd",
        "C:\\Windows",
        "\\\\host\\share",
        "~/x",
    ),
    *("http:", "http:/a.example", "http:///x", "https:a.example", "http://", "http://?x", "http://#x"),
    *("http://a.example\n--x", "http://a.example\r\n", "http://a.example\x00", "http://a.example/\x1b[2J"),
    *("http://a.example/$(id)`x`", 'http://a.example/"x', "http://a.example/a b", "http://a.example\\x"),
    *(
        "http://user@a.example/",
        "http://a:b@a.example/",
        "http://a.example@b.example/",
        "http://a.example:x/",
    ),
    *("http://0x7f.1/", "http://2130706433/", "http://[::1", "http://a..example/", "http://a_b.example/"),
    *("view-source:http://a.example", "about:blank", "chrome://settings", "blob:http://a.example/x"),
)


class Started:
    """Notes what would be started."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []
        self.environments: list[Mapping[str, str]] = []

    def __call__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.commands.append(list(command))
        self.environments.append(environment)


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Linux desktop whose opener is known."""
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")


def test_the_corpus_is_as_large_as_asked() -> None:
    assert len(set(REFUSED)) >= 60


@pytest.mark.usefixtures("screen")
@pytest.mark.parametrize("address", REFUSED, ids=ascii)
def test_nothing_else_is_opened(address: str) -> None:
    started = Started()
    with pytest.raises(BadAddress):
        open_url(address, start=started)
    assert started.commands == []


@pytest.mark.usefixtures("screen")
def test_a_web_address_is_one_argument_of_the_systems_opener(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER", "/tmp/evil %s")
    started = Started()
    assert open_url("https://ehr.example/authorize?a=$(id)&b=`x`;c='d'", start=started)
    ((program, address),) = started.commands
    assert program == "/usr/bin/xdg-open"
    assert address.startswith("https://ehr.example/authorize?a=$(id)&b=%60x%60;c='d'")
    assert "BROWSER" not in started.environments[0]


def test_without_a_screen_there_is_nothing_to_open_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BROWSER", "/tmp/evil %s")
    started = Started()
    assert opener() is None
    assert not open_url("https://ehr.example/", start=started)
    assert started.commands == []


@pytest.mark.usefixtures("screen")
def test_an_opener_that_can_not_be_started_is_said_so() -> None:
    def broken(command: Sequence[str], environment: Mapping[str, str]) -> None:
        raise FileNotFoundError

    assert not open_url("https://ehr.example/", start=broken)
