"""Hold the grants as they are while an approved message's bytes are on their way out.

A revoke writes to the vault, and only one instance writes at a time: as long as this holds the right to
write,
no revoke can come between the last look at the grants and the first byte, not even from another process. A
revoke that came before is seen; one that comes meanwhile waits for the few milliseconds that this takes.
"""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from assistant.errors import Refused
from assistant.vault.vault import Session, Vault

LONGEST_SECONDS = 8.0
"""For handing over one message; others who want to write wait ten seconds."""


def no_longer_shared() -> Refused:
    """Something of a message was taken back after it was made."""
    return Refused(
        "Something in this message is no longer shared with this destination.",
        "Ask again: the message will be made anew.",
    )


@asynccontextmanager
async def held(vault: Vault, still: Callable[[Session], bool]) -> AsyncGenerator[None, None]:
    """Look whether everything is `still` shared, and keep it so until the block ends.

    Raises:
        Refused: it isn't.
        VaultBusy: another instance did not finish writing in time.
    """
    loop = asyncio.get_running_loop()
    looked: asyncio.Future[None] = loop.create_future()
    done = threading.Event()

    def hold() -> None:
        with vault.write() as session:
            if not still(session):
                raise no_longer_shared()
            loop.call_soon_threadsafe(looked.set_result, None)
            done.wait(LONGEST_SECONDS)

    holding = asyncio.ensure_future(asyncio.to_thread(hold))
    # Where the question is stopped in the meantime, nobody is left to hear why this could not hold.
    holding.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
    try:
        await asyncio.wait((looked, holding), return_when=asyncio.FIRST_COMPLETED)
        if not looked.done():
            await holding
        yield
    finally:
        done.set()
        if looked.done() and not looked.cancelled():
            await asyncio.shield(holding)
