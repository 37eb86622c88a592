"""Changing a resource: read it, leave it if it is as wanted, else PATCH this very version.

Between reading and changing others may change it. Where the service has ETags it then refuses
(`If-Match`, RFC 7644, section 3.14), and all begins anew.
"""

import httpx

from connector_sdk import ConnectorError
from connector_sdk.models import ErrorCode
from scim_connector.client import Found, ScimClient
from scim_connector.edits import Edit
from scim_connector.resources import Resource

MOST_ATTEMPTS = 5
"""How often a change is begun anew because of others' changes."""

NO_PATCH = (httpx.codes.METHOD_NOT_ALLOWED, httpx.codes.NOT_IMPLEMENTED)
"""What a service without PATCH answers to it (RFC 7644, section 3.5.2; RFC 9110, 15.5.6)."""

KEPT_BY_SERVICE = ("meta",)
"""Attributes that only the service writes (RFC 7643, section 3.1), and no PUT has to bring."""


async def change(client: ScimClient, endpoint: str, identifier: str, edit: Edit) -> Resource:
    """Make sure that a resource is as an edit wants it, and return it.

    Parameters:
        client: the client.
        endpoint: the endpoint of its resource type.
        identifier: its id.
        edit: the edit; nothing is sent for one that is done already.

    Raises:
        httpx.HTTPStatusError: the service refused; 404, if there is no such resource.
        ConnectorError: `service_error`, when others change the resource again and again, or the
            service took the change and did not carry it out.
    """
    for _ in range(MOST_ATTEMPTS):
        found = await client.get(endpoint, identifier)
        if edit.is_done(found.resource):
            return found.resource

        try:
            changed = await _carry_out(client, endpoint, identifier, found=found, edit=edit)
        except httpx.HTTPStatusError as error:
            if error.response.status_code != httpx.codes.PRECONDITION_FAILED:
                raise

            continue

        if changed is None:
            continue

        if not edit.is_done(changed):
            raise failed("the service took the change, and did not carry it out")

        return changed

    raise failed("others change it again and again; try later")


async def _carry_out(
    client: ScimClient, endpoint: str, identifier: str, found: Found, edit: Edit
) -> Resource | None:
    """Return the resource as it is after the change; None if another has come in between."""
    try:
        patched = await client.patch(
            endpoint,
            identifier,
            operation=edit.operation(client.quirks),
            etag=found.etag,
            is_idempotent=edit.is_idempotent,
        )
    except httpx.HTTPStatusError as error:
        if error.response.status_code not in NO_PATCH:
            raise

        return await _replace(client, endpoint, identifier, found=found, edit=edit)

    if patched is not None and edit.is_done(patched.resource):
        return patched.resource

    # It said nothing of what was changed: not every service does (RFC 7644, section 3.5.2).
    return (await client.get(endpoint, identifier)).resource


async def _replace(
    client: ScimClient, endpoint: str, identifier: str, found: Found, edit: Edit
) -> Resource | None:
    """PUT the whole resource, which undoes whatever came in between: so nothing may have.

    Without ETags the resource is read once more just before that, and has to be the same; the
    moment between is what remains.
    """
    if found.etag is None and (await client.get(endpoint, identifier)).resource != found.resource:
        return None

    wanted = edit.applied_to(found.resource)
    resource = {key: value for key, value in wanted.items() if key not in KEPT_BY_SERVICE}
    await client.put(endpoint, identifier, resource=resource, etag=found.etag)
    return (await client.get(endpoint, identifier)).resource


def failed(why: str) -> ConnectorError:
    """Return the error for a change that did not come about, which may later."""
    return ConnectorError(
        message=f"the resource could not be changed: {why}", error_code=ErrorCode.SERVICE_ERROR
    )
