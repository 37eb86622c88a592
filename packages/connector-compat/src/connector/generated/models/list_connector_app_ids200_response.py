"""ListConnectorAppIds200Response, at its path in the predecessor's API."""

from pydantic import Field, StrictStr

from connector_sdk.models import ResponseEnvelope


class ListConnectorAppIds200Response(ResponseEnvelope):
    """What a host of several connectors answers when it is asked which they are."""

    response: list[StrictStr] = Field(description="App ids of the connectors.")
