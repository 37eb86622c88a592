"""The capability `check_conformance`: for whoever points the connector at a new service.

It reads what the service says about itself, and some users and groups, and changes nothing.
"""

from collections.abc import Awaitable, Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import httpx
from pydantic import Field, StrictBool, StrictInt, StrictStr

from connector_sdk.http import InvalidResponseError
from connector_sdk.models import AuthenticatedRequest, ResponseEnvelope
from connector_sdk.models.base import WireModel
from scim_connector.client import ListedPage, ScimClient
from scim_connector.faults import UNREADABLE, Fault
from scim_connector.lists import GROUPS
from scim_connector.observations import (
    Observations,
    first_page,
    first_users,
    memberships_of,
    takes,
)
from scim_connector.resources import Resource, find

if TYPE_CHECKING:
    from scim_connector.deviations import Schemas

LARGEST_SAMPLE = 100
"""Users, and groups, that are compared at the most."""

NOT_THERE = (httpx.codes.NOT_FOUND, httpx.codes.METHOD_NOT_ALLOWED, httpx.codes.NOT_IMPLEMENTED)
"""Answers of a service that has no such endpoint."""

Read = dict[str, list[Resource] | None]
"""What was read, by type of resource; None where there is no such list."""


class ConformanceSample(WireModel):
    """How much is compared."""

    sample_size: StrictInt = Field(
        default=20,
        ge=1,
        le=LARGEST_SAMPLE,
        description="Users, and groups, that are read and compared with their schema.",
    )


class CheckConformanceRequest(AuthenticatedRequest):
    """A request to compare a service with RFC 7643."""

    request: ConformanceSample = Field(description="How much to compare.")


class Deviation(WireModel):
    """What is wrong with an attribute, and in which resources; never with which value."""

    resource_type: StrictStr = Field(
        description="User, Group, ServiceProviderConfig, ResourceType or Schema."
    )
    attribute: StrictStr | None = Field(
        description="The attribute's path; null for the resources as a whole."
    )
    fault: StrictStr = Field(description="What is wrong with it, in words.")
    ids: list[StrictStr] = Field(description="Ids of the resources that have one.")
    count: StrictInt = Field(description="How many resources deviate so.")


class ObservedQuirks(WireModel):
    """What the service was seen to do, in the names of the connector's quirks."""

    pages: StrictStr = Field(description="How lists are read: index or cursor.")
    projects: StrictBool = Field(description="Whether single attributes can be asked for.")
    memberships: StrictStr | None = Field(
        description="How memberships are read: cheaper or filter; null if none was seen."
    )


class Conformance(WireModel):
    """What was found."""

    profiles: list[StrictStr] = Field(
        description="Values of settings.profile that fit what was seen, the one to try first."
    )
    observed: ObservedQuirks = Field(description="What the profiles were chosen by.")
    compared: dict[str, StrictInt] = Field(description="How many resources of each type were read.")
    deviations: list[Deviation] = Field(description="What deviates, none twice.")


class CheckConformanceResponse(ResponseEnvelope):
    """What of a service deviates from RFC 7643."""

    response: Conformance = Field(description="What was found.")


async def check_conformance(args: CheckConformanceRequest) -> CheckConformanceResponse:
    """Compare what the service says about itself, and some of what it has, with RFC 7643.

    Raises:
        MissingExtraError: scim2-models is not installed.
        httpx.HTTPStatusError: the service refused the credential, or has no users.
    """
    from scim_connector.deviations import Schemas

    async with ScimClient(args) as client:
        read, observed = await _read(client, args.request.sample_size)

    schemas = Schemas(read["Schema"] or [], read["ResourceType"] or [])
    return CheckConformanceResponse(
        response=Conformance(
            profiles=observed.profiles(),
            observed=ObservedQuirks(**asdict(observed)),
            compared={kind: len(resources or ()) for kind, resources in read.items()},
            deviations=list(_deviations(_faults(read, schemas))),
        ),
        raw_data=read if args.include_raw_data else None,
    )


async def _read(client: ScimClient, size: int) -> tuple[Read, Observations]:
    """Read what there is to compare, and see meanwhile in which way it can be read."""
    read: Read = {"ServiceProviderConfig": await _if_there(_configuration(client))}
    for kind, endpoint in (("ResourceType", "/ResourceTypes"), ("Schema", "/Schemas")):
        read[kind] = await _if_there(_resources(client.list_page(endpoint, {}, needs_id=False)))

    [config] = read["ServiceProviderConfig"] or [{}]
    pages, page = await first_users(client, size, config)
    groups = await _if_there(_resources(first_page(client, GROUPS, pages, size)))
    users = page.resources[:size]  # a service may give more than it was asked for
    read |= {"User": users, "Group": groups and groups[:size]}
    return read, Observations(
        pages=pages,
        projects=await takes(client, pages, attributes="userName"),
        memberships=await memberships_of(client, pages, users, groups or []),
    )


async def _configuration(client: ScimClient) -> list[Resource]:
    return [await client.service_provider_config()]


async def _resources(page: Awaitable[ListedPage]) -> list[Resource]:
    return (await page).resources


async def _if_there(reading: Awaitable[list[Resource]]) -> list[Resource] | None:
    """Return what is read; None if nothing is there, or something else than SCIM."""
    try:
        return await reading
    except InvalidResponseError:
        return None
    except httpx.HTTPStatusError as error:
        if error.response.status_code not in NOT_THERE:
            raise

        return None


def _offers_groups(types: Sequence[Resource] | None) -> bool:
    """Tell whether a service says that it has groups; it may do without."""
    endpoints = [str(find(each, "endpoint")).casefold() for each in types or ()]
    return any(endpoint.endswith(GROUPS.casefold()) for endpoint in endpoints)


def _id(resource: Resource) -> str | None:
    identifier = find(resource, "id")
    return identifier if isinstance(identifier, str) else None


def _faults(read: Read, schemas: "Schemas") -> Iterator[tuple[str, str | None, Fault]]:
    """Yield type of resource, id and fault."""
    if schemas.fault:
        yield "Schema", None, schemas.fault

    for kind, resources in read.items():
        if resources is None and (kind != "Group" or _offers_groups(read["ResourceType"])):
            yield kind, None, UNREADABLE

        for resource in resources or ():
            for fault in schemas.faults(kind, resource):
                yield kind, _id(resource), fault


def _deviations(faults: Iterable[tuple[str, str | None, Fault]]) -> Iterator[Deviation]:
    """Yield the faults, those of several resources in one."""
    ids: dict[tuple[str, Fault], list[str | None]] = {}
    for kind, identifier, fault in faults:
        ids.setdefault((kind, fault), []).append(identifier)

    for (kind, fault), found in ids.items():
        yield Deviation(
            resource_type=kind,
            attribute=fault.attribute,
            fault=fault.text,
            ids=[each for each in found if each is not None],
            count=len(found),
        )
