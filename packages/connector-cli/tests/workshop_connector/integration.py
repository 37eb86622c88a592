"""The declaration, and the one capability."""

import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from importlib.resources import as_file, files

from cryptography.fernet import Fernet
from pydantic import BaseModel

from connector_sdk import DescriptionData, Integration
from connector_sdk.http import AsyncClient
from connector_sdk.models import AppCategory, RequestEnvelope, ResponseEnvelope
from workshop_connector import __version__, processes

print("on stdout, while the connector is imported")  # noqa: T201 - stdout is not its to use

integration = Integration(
    app_id="workshop",
    version=__version__,
    exception_handlers=[],
    description_data=DescriptionData(
        user_friendly_name="Workshop", categories=[AppCategory.INTERNAL]
    ),
)


class Job(BaseModel):
    """What is to be done. This text is in the schema."""

    what: str
    """A name of the table below, or an address."""


class Result(BaseModel):
    """What came of it."""

    result: str


class JobRequest(RequestEnvelope):
    """A request for it."""

    request: Job


class JobResponse(ResponseEnvelope):
    """Its response."""

    response: Result


def text(name: str) -> str:
    """Return a text that lies in the package."""
    return (files("workshop_connector") / "texts" / name).read_text(encoding="utf-8")


def tool() -> str:
    """Return what a program in the package prints."""
    with as_file(files("workshop_connector") / "texts" / "tool") as path:
        return subprocess.run([path], check=True, capture_output=True, encoding="utf-8").stdout


def encrypted() -> str:
    """Return a text that went through native code of others."""
    box = Fernet(Fernet.generate_key())
    return box.decrypt(box.encrypt(b"in and out")).decode()


async def fetched(url: str) -> str:
    """Return what an HTTP server answers, which fails at first."""
    async with AsyncClient(base_url=url) as client:
        return (await client.get("/thing")).text


JOBS: dict[str, Callable[[], object]] = {
    "text": lambda: text("greeting.txt"),
    "python_text": lambda: text("query.py"),
    "tool": tool,
    "by_name": lambda: import_module("workshop_connector." + "lazily").WORDS,
    "native": encrypted,
    "shared": processes.shared,
    "fork": lambda: processes.squares("fork"),
    "forkserver": lambda: processes.squares("forkserver"),
    "spawn": lambda: processes.squares("spawn"),
    "version": lambda: version("cryptography"),
    "modules": lambda: " ".join(sys.modules),
}
"""What it can do, by name."""


@integration.register_custom_capability("work")
def work(args: JobRequest) -> JobResponse:
    """Do what is asked for."""
    return JobResponse(response=Result(result=str(JOBS[args.request.what]())))


@integration.register_custom_capability("fetch")
async def fetch(args: JobRequest) -> JobResponse:
    """Get what is at an address."""
    return JobResponse(response=Result(result=await fetched(args.request.what)))
