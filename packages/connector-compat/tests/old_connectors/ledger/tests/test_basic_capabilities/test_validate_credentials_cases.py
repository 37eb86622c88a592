"""Cases of validate_credentials: the request, what the app answers, and the reply."""

from httpx import codes

from connector.generated import (
    ValidateCredentials,
    ValidateCredentialsRequest,
    ValidateCredentialsResponse,
    ValidatedCredentials,
)
from connector.tests.type_definitions import MockedResponse, ResponseBodyMap

Case = tuple[ValidateCredentialsRequest, ResponseBodyMap, ValidateCredentialsResponse]


def case_validate_credentials_200() -> Case:
    """The password is right."""
    body = {"records": [{"id": "1", "name": "ann"}], "total": 3}
    return (
        ValidateCredentialsRequest(request=ValidateCredentials()),
        {"GET": {"/users?offset=0&limit=1": MockedResponse(codes.OK, body)}},
        ValidateCredentialsResponse(
            response=ValidatedCredentials(valid=True, unique_tenant_id="ledger")
        ),
    )
