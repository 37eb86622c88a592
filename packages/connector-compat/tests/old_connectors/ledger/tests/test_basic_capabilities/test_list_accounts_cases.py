"""Cases of list_accounts: the request, what the app answers, and the reply."""

from httpx import codes

from connector.generated import (
    AccountType,
    Error,
    ErrorCode,
    ErrorResponse,
    FoundAccountData,
    ListAccounts,
    ListAccountsRequest,
    ListAccountsResponse,
    Page,
)
from connector.tests.type_definitions import MockedResponse, ResponseBodyMap
from ledger_connector.client import BASE_URL
from ledger_connector.pagination import NextPageToken, Pagination

Case = tuple[ListAccountsRequest, ResponseBodyMap, ListAccountsResponse | ErrorResponse]


def request(token: str | None = None) -> ListAccountsRequest:
    """A request for a page of two."""
    return ListAccountsRequest(request=ListAccounts(), page=Page(token=token, size=2))


def case_list_accounts_first_page() -> Case:
    """The first page has people, and says that more of them follow, and robots."""
    body = {"records": [{"id": "1", "name": "ann"}, {"id": "2", "name": "bob"}], "total": 3}
    following = NextPageToken.from_paginations(
        [Pagination(endpoint="/users", offset=2), Pagination(endpoint="/robots", offset=0)]
    )
    return (
        request(),
        {"GET": {"/users?offset=0&limit=2": MockedResponse(codes.OK, body)}},
        ListAccountsResponse(
            response=[
                FoundAccountData(
                    integration_specific_id="1", username="ann", account_type=AccountType.USER
                ),
                FoundAccountData(
                    integration_specific_id="2", username="bob", account_type=AccountType.USER
                ),
            ],
            page=Page(token=following.token, size=2),
        ),
    )


def case_list_accounts_last_page() -> Case:
    """The last page has robots, and says that nothing follows."""
    token = NextPageToken.from_paginations([Pagination(endpoint="/robots", offset=0)]).token
    body = {"records": [{"id": "9", "name": "r2"}], "total": 1}
    return (
        request(token),
        {"GET": {"/robots?offset=0&limit=2": MockedResponse(codes.OK, body)}},
        ListAccountsResponse(
            response=[
                FoundAccountData(
                    integration_specific_id="9", username="r2", account_type=AccountType.SERVICE
                )
            ]
        ),
    )


def case_list_accounts_unauthorized() -> Case:
    """A wrong password is told as such."""
    refused = MockedResponse(codes.UNAUTHORIZED, {"error": "no"}, headers={"X-Why": "password"})
    return (
        request(),
        {"GET": {"/users?offset=0&limit=2": refused}},
        ErrorResponse(
            is_error=True,
            error=Error(
                message=f'[401][{BASE_URL}/users] {{"error": "no"}}',
                status_code=codes.UNAUTHORIZED,
                error_code=ErrorCode.UNAUTHORIZED,
                app_id="ledger",
                raised_by="HTTPStatusError",
                raised_in="ledger_connector.integration:list_accounts",
            ),
        ),
    )
