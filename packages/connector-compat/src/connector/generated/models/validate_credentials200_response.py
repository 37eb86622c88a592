"""ValidateCredentials200Response, at its path in the predecessor's API."""

from connector._any_of import AnyOf
from connector_sdk.models import ErrorResponse, ValidateCredentialsResponse


class ValidateCredentials200Response(AnyOf):
    """A ValidateCredentialsResponse, or an ErrorResponse."""

    actual_instance: ValidateCredentialsResponse | ErrorResponse | None = None
