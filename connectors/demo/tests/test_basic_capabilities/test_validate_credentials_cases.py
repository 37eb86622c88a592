"""What `validate_credentials` answers."""

from connector_sdk.models import (
    ValidateCredentials,
    ValidateCredentialsRequest,
    ValidateCredentialsResponse,
    ValidatedCredentials,
)
from connector_sdk.testing import Case, MockedResponse
from demo_connector.client import BASE_URL


def case_validate_credentials_good() -> Case:
    """The app knows the credentials, and says whose they are."""
    args = ValidateCredentialsRequest(request=ValidateCredentials())
    responses = {"GET": {f"{BASE_URL}/tenant": MockedResponse(200, {"id": "tenant-7"})}}
    expected = ValidateCredentialsResponse(
        response=ValidatedCredentials(valid=True, unique_tenant_id="tenant-7")
    )
    return args, responses, expected
