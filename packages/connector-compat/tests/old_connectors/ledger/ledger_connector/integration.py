"""The declaration of the connector, and its capabilities."""

import httpx

from connector.generated import (
    AccountType,
    AppCategory,
    BasicCredential,
    FoundAccountData,
    ListAccountsRequest,
    ListAccountsResponse,
    Page,
    StandardCapabilityName,
    ValidateCredentialsRequest,
    ValidateCredentialsResponse,
    ValidatedCredentials,
)
from connector.oai.capability import get_page
from connector.oai.errors import HTTPHandler
from connector.oai.integration import DescriptionData, Integration
from ledger_connector.__about__ import __version__
from ledger_connector.client import LedgerClient
from ledger_connector.pagination import PAGE_SIZE, NextPageToken, Pagination

TYPES = {"/users": AccountType.USER, "/robots": AccountType.SERVICE}

integration = Integration(
    app_id="ledger",
    version=__version__,
    auth=BasicCredential,
    exception_handlers=[(httpx.HTTPStatusError, HTTPHandler, None)],
    description_data=DescriptionData(
        user_friendly_name="Ledger", categories=[AppCategory.ACCOUNTING_AND_FINANCE]
    ),
)


@integration.register_capability(StandardCapabilityName.VALIDATE_CREDENTIALS)
async def validate_credentials(args: ValidateCredentialsRequest) -> ValidateCredentialsResponse:
    """Find out whether the password is right."""
    async with LedgerClient(args) as client:
        await client.get_records("/users", 0, 1)

    return ValidateCredentialsResponse(
        response=ValidatedCredentials(valid=True, unique_tenant_id="ledger")
    )


@integration.register_capability(StandardCapabilityName.LIST_ACCOUNTS)
async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
    """List people, then robots."""
    page = get_page(args)
    size = page.size or PAGE_SIZE
    places = NextPageToken(page.token).paginations() or [
        Pagination(endpoint=endpoint, offset=0) for endpoint in TYPES
    ]
    place, *following = places
    endpoint = place.endpoint or "/users"
    async with LedgerClient(args) as client:
        found = await client.get_records(endpoint, place.offset, size)

    reached = place.offset + len(found.records)
    if reached < found.total:
        following = [Pagination(endpoint=endpoint, offset=reached), *following]

    token = NextPageToken.from_paginations(following)
    return ListAccountsResponse(
        response=[
            FoundAccountData(
                integration_specific_id=record.id,
                username=record.name,
                account_type=TYPES[endpoint],
            )
            for record in found.records
        ],
        page=Page(token=token.token, size=size) if token.token else None,
    )
