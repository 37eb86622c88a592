"""What `list_accounts` answers."""

from connector_sdk.models import (
    AccountStatus,
    Error,
    ErrorCode,
    ErrorResponse,
    FoundAccountData,
    ListAccounts,
    ListAccountsRequest,
    ListAccountsResponse,
    Page,
)
from connector_sdk.testing import Case, MockedResponse
from demo_connector.client import BASE_URL

URL = f"{BASE_URL}/users?offset=0&limit=100"

USERS = [
    {"id": "1", "email": "ada@example.com", "given_name": "Ada", "family_name": "Lovelace"},
    {"id": "2", "email": "grace@example.com", "active": False},
]

BODY = {"items": USERS, "total": 2}

ACCOUNTS = [
    FoundAccountData(
        integration_specific_id="1",
        email="ada@example.com",
        given_name="Ada",
        family_name="Lovelace",
        user_status=AccountStatus.ACTIVE,
    ),
    FoundAccountData(
        integration_specific_id="2",
        email="grace@example.com",
        user_status=AccountStatus.INACTIVE,
    ),
]


def case_list_accounts_all() -> Case:
    """The accounts, all of them on one page."""
    args = ListAccountsRequest(request=ListAccounts())
    responses = {"GET": {URL: MockedResponse(200, BODY)}}
    return args, responses, ListAccountsResponse(response=ACCOUNTS, page=Page())


def case_list_accounts_small_page() -> Case:
    """The app is asked for as many accounts as the platform wants on a page."""
    args = ListAccountsRequest(request=ListAccounts(), page=Page(size=2))
    responses = {"GET": {f"{BASE_URL}/users?offset=0&limit=2": MockedResponse(200, BODY)}}
    return args, responses, ListAccountsResponse(response=ACCOUNTS, page=Page(size=2))


def case_list_accounts_with_raw_data() -> Case:
    """The app's own records come along when the platform asks for them."""
    args = ListAccountsRequest(request=ListAccounts(), include_raw_data=True)
    responses = {"GET": {URL: MockedResponse(200, BODY)}}
    expected = ListAccountsResponse(response=ACCOUNTS, raw_data=USERS, page=Page())
    return args, responses, expected


def case_list_accounts_without_id() -> Case:
    """A record that lacks what every account has makes no account, but an error."""
    args = ListAccountsRequest(request=ListAccounts())
    body = {"items": [{"email": "ada@example.com"}], "total": 2}
    error = Error(
        message="data does not fit User: id: Field required",
        error_code=ErrorCode.INVALID_RESPONSE,
        app_id="demo",
        raised_by="ValidationError",
        raised_in="demo_connector.capabilities_read:list_accounts",
    )
    responses = {"GET": {URL: MockedResponse(200, body)}}
    return args, responses, ErrorResponse(is_error=True, error=error)
