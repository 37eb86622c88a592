"""How many requests are with one host at a time, and in which order the others get their turn."""

import asyncio
from collections import deque


class HostGate:
    """Lets a number of requests at a time through to one host, the tenants taking turns.

    A tenant with a thousand waiting requests delays another tenant's single one by one turn, not
    by a thousand. It belongs to one event loop.

    Parameters:
        width: how many requests may be inside at a time.
    """

    __slots__ = ("_inside", "_waiting", "_width")

    def __init__(self, width: int) -> None:
        self._width = width
        self._inside = 0
        # In the order of turns: who is served goes to the end.
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @property
    def is_unused(self) -> bool:
        """Whether nobody is inside or waits."""
        return not self._inside and not self._waiting

    def enter_at_once(self) -> bool:
        """Take a place if one is free; who has entered must leave."""
        if self._inside >= self._width:
            return False

        self._inside += 1
        return True

    async def enter(self, tenant: str) -> None:
        """Wait for a place; who has entered must leave."""
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(tenant, deque()).append(turn)
        try:
            await turn
        except BaseException:
            self._give_up(tenant, turn)
            raise

    def leave(self) -> None:
        """Give the place to whose turn it is."""
        while self._waiting:
            turn = self._next_turn()
            if not turn.done():  # else its task was cancelled, and is about to notice
                turn.set_result(None)
                return

        self._inside -= 1

    def _next_turn(self) -> asyncio.Future[None]:
        tenant = next(iter(self._waiting))
        queue = self._waiting.pop(tenant)
        turn = queue.popleft()
        if queue:
            self._waiting[tenant] = queue

        return turn

    def _give_up(self, tenant: str, turn: asyncio.Future[None]) -> None:
        if turn.done() and not turn.cancelled():
            # The place was given in the moment in which its taker was cancelled.
            self.leave()
            return

        queue = self._waiting.get(tenant, deque())
        if turn in queue:
            queue.remove(turn)

        if tenant in self._waiting and not queue:
            del self._waiting[tenant]
