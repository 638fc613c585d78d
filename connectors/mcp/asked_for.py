"""What is done at a server of tools only because the patient asks for it now."""

from connectors.mcp.healthex import STATUS, UPDATE
from connectors.mcp.reach import Reach
from connectors.mcp.tool import Tool


async def records_status(reach: Reach) -> str:
    """How far HealthEx is with gathering records, in its own words: text from outside.

    Raises:
        SourceError: it can't be asked.
    """
    from connectors.mcp.session import Session

    async with Session(reach) as session:
        return await session.call(STATUS, {})


async def update_records(reach: Reach) -> str:
    """Have HealthEx fetch from the providers again, and what it says to that: text from outside. It counts
    against a limit for each patient, and is sent once.

    Raises:
        SourceError: it can't be asked; it may have been done nonetheless.
    """
    from connectors.mcp.session import Session

    async with Session(reach) as session:
        return await session.call(UPDATE, {}, writes=True)


async def list_tools(reach: Reach) -> tuple[Tool, ...]:
    """Everything that a server offers, for the patient to look at and approve.

    Raises:
        SourceError: it can't be asked.
    """
    from connectors.mcp.session import Session

    async with Session(reach) as session:
        return await session.tools()
