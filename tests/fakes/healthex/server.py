"""The server as a whole: sign-in, tools, and a front that can misbehave."""

import asyncio
import socket
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import uvicorn
from mcp.server.auth.settings import AuthSettings, ClientRegistrationOptions, RevocationOptions
from mcp.server.mcpserver import MCPServer
from mcp_types import ToolAnnotations
from pydantic import AnyHttpUrl

from tests.fakes.healthex.accounts import Accounts
from tests.fakes.healthex.front import Front
from tests.fakes.healthex.tables import CHART, Cells, page

SCOPE = "patient/*.read"
READS = ToolAnnotations(read_only_hint=True)


class HealthExServer:
    """A server of tools behind a sign-in, on a port of this computer."""

    def __init__(self, chart: dict[str, tuple[str, list[Cells]]] | None = None) -> None:
        self.accounts = Accounts()
        self.front = Front()
        self.chart = CHART if chart is None else chart
        self.updates = 0
        self.tools: MCPServer[Any]
        self._web: _Web | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self.front.port}"

    @property
    def address(self) -> str:
        """Where the tools are."""
        return f"{self.origin}/mcp"

    def called(self, tool: str) -> list[dict[str, Any]]:
        """The arguments of every call of a tool."""
        return [one.message["params"].get("arguments") or {} for one in self.front.asked if one.tool == tool]

    def only(self, *tools: Callable[[], str]) -> None:
        """Offer these reading tools and no others."""
        for name in [*self.chart, "get_health_summary", "search_clinical_notes", "check_records_status"]:
            self.tools.remove_tool(name)
        self.tools.remove_tool("update_records")
        for tool in tools:
            self.tools.tool(annotations=READS, structured_output=False)(tool)

    async def __aenter__(self) -> Self:
        await self.front.start()
        self.tools = self._make()
        door = socket.create_server(("127.0.0.1", 0))
        self.front.behind = door.getsockname()[1]
        app = self.tools.streamable_http_app()
        config = uvicorn.Config(app, log_config=None, ws="none", lifespan="on", timeout_graceful_shutdown=1)
        self._web = _Web(config)
        self._task = asyncio.create_task(self._web.serve(sockets=[door]))
        await self._web.up.wait()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._web is not None
        assert self._task is not None
        await self.front.close()
        self._web.ended.set()
        await self._task

    def _make(self) -> MCPServer[Any]:
        server: MCPServer[Any] = MCPServer(
            "HealthEx",
            log_level="CRITICAL",
            auth_server_provider=self.accounts,
            auth=AuthSettings(
                issuer_url=AnyHttpUrl(self.origin),
                resource_server_url=AnyHttpUrl(self.address),
                required_scopes=[SCOPE],
                validate_token_resource=True,
                client_registration_options=ClientRegistrationOptions(
                    enabled=True, valid_scopes=[SCOPE], default_scopes=[SCOPE]
                ),
                revocation_options=RevocationOptions(enabled=True),
            ),
        )
        server.custom_route("/login", ["GET", "POST"])(self.accounts.login)
        for name, (title, _) in self.chart.items():
            self._add(server, name, title)

        def get_health_summary() -> str:
            return "Nadia has asthma and an allergy to penicillin."

        def search_clinical_notes(query: str) -> str:
            return f"One note tells of {query}."

        def check_records_status() -> str:
            return "All records are up to date."

        def update_records() -> str:
            self.updates += 1
            return "The records are being gathered."

        for read in (get_health_summary, search_clinical_notes, check_records_status):
            server.tool(annotations=READS, structured_output=False)(read)
        server.tool(annotations=ToolAnnotations(read_only_hint=False), structured_output=False)(
            update_records
        )
        return server

    def _add(self, server: MCPServer[Any], name: str, title: str) -> None:
        def ask(years: int = 3, beforeDate: str | None = None) -> str:  # noqa: N803 - the server's own name
            return page(name, title, self.chart[name][1], years, beforeDate)

        server.tool(
            name=name, description=f"{title} of the patient.", annotations=READS, structured_output=False
        )(ask)


class _Web(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up, self.ended = asyncio.Event(), asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As it does, and tell."""
        await super().startup(sockets)
        self.up.set()

    async def main_loop(self) -> None:
        """Wait without looking ten times a second whether it is over."""
        await self.on_tick(0)
        await self.ended.wait()
