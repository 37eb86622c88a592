"""The floor of many calls that make one HTTPS request each: httpx, with one client for all.

For each line on stdin, which is how many requests are made at a time, it makes CALLS, and says so.

    python calls.py URL CA_FILE CALLS
"""

import asyncio
import ssl
import sys

import httpx


async def main(url: str, ca_file: str, calls: int) -> None:
    """Make the requests of each turn."""
    context = ssl.create_default_context(cafile=ca_file)
    headers = {"Authorization": "Bearer token-of-the-bench"}
    async with httpx.AsyncClient(base_url=url, headers=headers, verify=context) as client:
        for line in sys.stdin:
            at_once = int(line)
            async with asyncio.TaskGroup() as tasks:
                for _ in range(at_once):
                    tasks.create_task(ask(client, calls // at_once))

            print("done", flush=True)


async def ask(client: httpx.AsyncClient, times: int) -> None:
    """Make so many requests, one after another."""
    for _ in range(times):
        response = await client.get("/users")
        response.raise_for_status()
        if response.json()["users"][0]["id"] != "user-0":
            raise SystemExit(f"the app answered {response.text}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
