"""The floor of a call: the job that a connector does, as a script that does nothing else.

One pydantic model for the request and one for the reply, `asyncio.run` of a function, JSON in,
JSON out.
"""

import asyncio
import sys

from pydantic import BaseModel


class Request(BaseModel):
    """What is asked for."""

    request: dict[str, str]
    auth: dict[str, dict[str, str]] | None = None


class Reply(BaseModel):
    """What is answered."""

    response: list[str]
    raw_data: dict[str, str] | None = None
    page: dict[str, str] | None = None


async def answer(text: str) -> str:
    """Answer one request."""
    Request.model_validate_json(text)
    return Reply(response=[]).model_dump_json()


if __name__ == "__main__":
    print(asyncio.run(answer(sys.argv[1])))
