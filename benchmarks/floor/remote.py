"""The floor of a call that makes one HTTP request: `constant.py`, with `httpx.AsyncClient`."""

import asyncio
import sys

import httpx
from pydantic import BaseModel


class Request(BaseModel):
    """What is asked for."""

    request: dict[str, str]
    settings: dict[str, str]
    auth: dict[str, dict[str, str]]


class Reply(BaseModel):
    """What is answered."""

    response: list[str]
    raw_data: dict[str, str] | None = None
    page: dict[str, str] | None = None


async def answer(text: str) -> str:
    """Answer one request."""
    request = Request.model_validate_json(text)
    headers = {"Authorization": f"Bearer {request.auth['token']['token']}"}
    async with httpx.AsyncClient(base_url=request.settings["url"], headers=headers) as client:
        response = await client.get("/users")
        response.raise_for_status()

    return Reply(response=[user["id"] for user in response.json()["users"]]).model_dump_json()


if __name__ == "__main__":
    print(asyncio.run(answer(sys.argv[1])))
