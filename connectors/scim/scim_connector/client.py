"""The client of a SCIM service: what is asked of it (RFC 7644, section 3), and what comes back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from connector_sdk import Request, get_settings
from connector_sdk.http import BaseIntegrationClient, invalid_response, url_path
from scim_connector.refusals import is_unknown
from scim_connector.resources import Resource, find
from scim_connector.settings import ScimSettings
from scim_connector.sign_in import auth_of

ACCEPT = "application/scim+json, application/json;q=0.9"
"""RFC 7644, section 8.1; and what services without that type send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPage:
    """One page of a list (RFC 7644, section 3.4.2; RFC 9865).

    Parameters:
        resources: the resources on it, each with an id.
        total: how many the service has in all; None where it does not say.
        next_cursor: where the list goes on, if it is read by cursor.
        response: the response, for errors.
    """

    resources: list[Resource]
    total: int | None
    next_cursor: str | None
    response: httpx.Response


@dataclass(frozen=True, slots=True)
class Found:
    """One resource and its version (RFC 7644, section 3.14); None where the service has none.

    The version is that of `meta` (RFC 7643, section 3.1), not of the header `ETag`: web frameworks
    set one for every answer, and do not heed it in a change.
    """

    resource: Resource
    etag: str | None


class ScimClient(BaseIntegrationClient):
    """The service, as one tenant sees it."""

    def __init__(self, args: Request) -> None:
        super().__init__(args)
        self.settings = get_settings(args, ScimSettings)
        self.quirks = self.settings.quirks

    @classmethod
    def prepare_client_args(cls, args: Request) -> dict[str, Any]:
        """Say where the service is, and who calls."""
        return {
            "base_url": get_settings(args, ScimSettings).base_url,
            "auth": auth_of(args),
            "headers": {"Accept": ACCEPT},
        }

    async def service_provider_config(self) -> Resource:
        """Return what the service says that it supports (RFC 7643, section 5)."""
        return self._resource(await self.http.get("/ServiceProviderConfig"))

    async def list_page(
        self, endpoint: str, params: Mapping[str, str], *, needs_id: bool = True
    ) -> ListedPage:
        """Return one page of a list.

        Parameters:
            endpoint: the list's endpoint, such as `/Users`.
            params: parameters of the query.
            needs_id: whether each resource must have an id, as all but those about the service do.

        Raises:
            httpx.HTTPStatusError: the service refused.
            InvalidResponseError: the answer is not a list of resources.
        """
        response = await self.http.get(endpoint, params=dict(params))
        body = self._resource(response)
        total = find(body, "totalResults")
        if total is not None and (isinstance(total, bool) or not isinstance(total, int)):
            raise invalid_response(response, "has a totalResults that is no number")

        # A list of nothing may come without its member (RFC 7644, section 3.4.2).
        resources = find(body, "Resources")
        if resources is None and total == 0:
            resources = []

        if not isinstance(resources, list):
            raise invalid_response(response, "has no list of Resources")

        cursor = find(body, "nextCursor")
        return ListedPage(
            resources=[_checked(each, response, needs_id=needs_id) for each in resources],
            total=total,
            next_cursor=cursor if isinstance(cursor, str) and cursor else None,
            response=response,
        )

    async def get(self, endpoint: str, identifier: str, *, attributes: str | None = None) -> Found:
        """Return a resource.

        Parameters:
            endpoint: the resource type's endpoint, such as `/Users`.
            identifier: the resource's id.
            attributes: the attributes that are needed, for a service that leaves out the others.

        Raises:
            httpx.HTTPStatusError: the service refused; 404, if there is no such resource.
            InvalidResponseError: the answer is not a resource.
        """
        wanted = attributes is not None and self.quirks.projects
        params = {"attributes": str(attributes)} if wanted else None
        response = await self.http.get(endpoint + url_path(identifier), params=params)
        return self._found(response)

    async def get_if_there(
        self, endpoint: str, identifier: str, *, attributes: str
    ) -> Resource | None:
        """Return a resource; None if the service says that it has none of this id.

        Parameters and errors are otherwise those of `get`.
        """
        try:
            return (await self.get(endpoint, identifier, attributes=attributes)).resource
        except httpx.HTTPStatusError as error:
            if is_unknown(error.response):
                return None

            raise

    async def post(self, endpoint: str, resource: Resource) -> Found:
        """Create a resource (RFC 7644, section 3.3), and return it as the service has made it."""
        response = await self.http.post(endpoint, **self._body(resource))
        return self._found(response)

    async def patch(
        self,
        endpoint: str,
        identifier: str,
        *,
        operation: Resource,
        etag: str | None,
        is_idempotent: bool,
    ) -> Found | None:
        """Change a resource by one operation (RFC 7644, section 3.5.2).

        Parameters:
            endpoint: the resource type's endpoint, such as `/Users`.
            identifier: the resource's id.
            operation: the operation.
            etag: the version that is changed, and no other.
            is_idempotent: whether it may be sent again after a failure that leaves open whether it
                was carried out. One for a certain version always may: the version is another then.

        Returns:
            The resource as it is now, if the service says so.
        """
        message = {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [operation],
        }
        response = await self.http.patch(
            endpoint + url_path(identifier),
            **self._body(message, etag),
            extensions={"idempotent": is_idempotent or etag is not None},
        )
        response.raise_for_status()
        return self._found(response) if response.content else None

    async def put(
        self, endpoint: str, identifier: str, resource: Resource, etag: str | None
    ) -> Found:
        """Replace a resource (RFC 7644, section 3.5.1)."""
        response = await self.http.put(
            endpoint + url_path(identifier), **self._body(resource, etag)
        )
        return self._found(response)

    async def delete(self, endpoint: str, identifier: str) -> None:
        """Remove a resource (RFC 7644, section 3.6)."""
        response = await self.http.delete(endpoint + url_path(identifier))
        response.raise_for_status()
        if response.status_code != httpx.codes.NO_CONTENT:
            raise invalid_response(response, "is there, where a deletion is answered with 204")

    def _body(self, resource: Resource, etag: str | None = None) -> dict[str, Any]:
        headers = {"Content-Type": self.quirks.media_type}
        if etag is not None:
            headers["If-Match"] = etag

        return {"content": json.dumps(resource).encode(), "headers": headers}

    def _found(self, response: httpx.Response) -> Found:
        resource = _checked(self._resource(response), response)
        meta = find(resource, "meta")
        version = find(meta, "version") if isinstance(meta, dict) else None
        return Found(resource, version if isinstance(version, str) and version else None)

    @staticmethod
    def _resource(response: httpx.Response) -> Resource:
        response.raise_for_status()
        try:
            body = response.json()
        except (ValueError, RecursionError):
            raise invalid_response(response, "is not JSON") from None

        if not isinstance(body, dict) or not body:
            raise invalid_response(response, "is no SCIM message")

        return body


def _checked(resource: Any, response: httpx.Response, *, needs_id: bool = True) -> Resource:
    if not isinstance(resource, dict):
        raise invalid_response(response, "has a resource that is no object")

    identifier = find(resource, "id")
    if not needs_id:
        return resource

    if not isinstance(identifier, str) or not identifier:
        raise invalid_response(response, "has a resource without an id")

    return {**resource, "id": identifier}
