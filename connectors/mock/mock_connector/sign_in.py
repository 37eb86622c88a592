"""From a request to the tenant's company: what every capability does first."""

from connector_sdk import ConnectorError, get_basic_auth, get_settings
from connector_sdk.models import AuthenticatedRequest, ErrorCode
from mock_connector.company import Company
from mock_connector.settings import MockSettings
from mock_connector.tenants import company_of


def check_credentials(args: AuthenticatedRequest) -> None:
    """Accept every user name and password that are not empty.

    Raises:
        ConnectorError: `unauthorized`, where a real app would not know the user.
    """
    credential = get_basic_auth(args)
    if not credential.username or not credential.password:
        raise ConnectorError(
            message="auth.basic: user name and password must not be empty",
            error_code=ErrorCode.UNAUTHORIZED,
        )


def sign_in(args: AuthenticatedRequest) -> Company:
    """Return the company of the tenant that sends the request.

    Raises:
        ConnectorError: `unauthorized`, as for `check_credentials`.
    """
    check_credentials(args)
    return company_of(get_settings(args, MockSettings))
