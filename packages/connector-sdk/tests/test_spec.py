"""The OpenAPI documents: valid, and true."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel
from pytest_cases import parametrize

from connector_sdk import Integration, SecretField
from connector_sdk.models import (
    AuthenticatedRequest,
    AuthModel,
    BasicCredential,
    CredentialConfig,
    ListAccountsRequest,
    ListAccountsResponse,
    ResponseEnvelope,
    TokenCredential,
    WireModel,
)
from connector_sdk.spec import example_request, integration_document, standard_document
from connector_sdk.standard import STANDARD_CAPABILITIES

Declare = Callable[..., Integration]
Ask = Callable[..., dict[str, Any]]


class Settings(BaseModel):
    """What a tenant chooses."""

    region: str
    key: str = SecretField(default="")


class OwnToken(TokenCredential):
    """A token in a region."""

    region: str


class Count(WireModel):
    """A payload that contains itself."""

    plan: str
    within: "Count | None" = None


class CountRequest(AuthenticatedRequest):
    """A request of a custom capability."""

    request: Count


class CountResponse(ResponseEnvelope):
    """A response of a custom capability."""

    response: list[Count]


SEVERAL = [
    CredentialConfig(id="main", type=AuthModel.BASIC, description="The main one."),
    CredentialConfig(
        id="own", type=AuthModel.TOKEN, description="Another.", input_model=OwnToken, optional=True
    ),
]


def populated(integration: Integration) -> Integration:
    """Give an integration a standard and a custom capability that answer."""

    @integration.register_capability("list_accounts", "Everybody", "All accounts there are.")
    async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
        return ListAccountsResponse(response=[])

    @integration.register_custom_capability("count_seats")
    async def count(args: CountRequest) -> CountResponse:
        return CountResponse(response=[args.request])

    return integration


@pytest.fixture(scope="module")
def integrations(declare: Declare) -> dict[str, Integration]:
    """Return integrations of all ways to declare a connection."""
    return {
        "empty": declare(),
        "no connection": populated(declare()),
        "auth": populated(declare(auth=BasicCredential, settings_model=Settings)),
        "credentials": populated(declare(credentials=SEVERAL, settings_model=Settings)),
    }


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the operations of a document by capability."""
    return {path.removeprefix("/"): methods["post"] for path, methods in document["paths"].items()}


def check(value: Any, schema: dict[str, Any], document: dict[str, Any]) -> None:
    """Check a value against a schema of a document."""
    from openapi_schema_validator import OAS31Validator

    OAS31Validator({**schema, "components": document["components"]}).validate(value)


def request_schema(document: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the schema of a capability's request."""
    schema: dict[str, Any] = operations(document)[name]["requestBody"]["content"][
        "application/json"
    ]["schema"]
    return schema


def examples_fit(document: dict[str, Any]) -> None:
    """Check every example of a document against its schema."""
    for operation in operations(document).values():
        body = operation["requestBody"]["content"]["application/json"]
        check(body["example"], body["schema"], document)
        reply = operation["responses"]["200"]["content"]["application/json"]
        assert {"success", "error"} == set(reply["examples"])
        for kind, each in reply["examples"].items():
            check(each["value"], reply["schema"], document)
            assert (kind == "error") is ("is_error" in each["value"])


@pytest.mark.slow
def test_the_document_of_the_contract_is_valid() -> None:
    """By a validator of OpenAPI 3.1, and each example by its schema."""
    from openapi_spec_validator import validate

    document = standard_document()

    validate(document)
    examples_fit(document)
    assert "3.1.0" == document["openapi"]


@pytest.mark.slow
@parametrize("kind", ["empty", "auth", "credentials"])
def test_the_document_of_an_integration_is_valid(
    integrations: dict[str, Integration], kind: str
) -> None:
    """Likewise."""
    from openapi_spec_validator import validate

    document = integration_document(integrations[kind])

    validate(document)
    examples_fit(document)
    json.dumps(document)


def test_the_contract_has_an_operation_for_each_capability() -> None:
    """POST /<capability>, with words, a group, a request, and success or error as the reply."""
    document = standard_document()

    assert [f"/{name.value}" for name in STANDARD_CAPABILITIES] == list(document["paths"])
    groups = {tag["name"] for tag in document["tags"]}
    for name, operation in operations(document).items():
        standard = STANDARD_CAPABILITIES[name]  # type: ignore[index] # the names are texts
        assert name == operation["operationId"]
        assert standard.description == operation["description"]
        assert operation["tags"][0] in groups
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        assert [
            {"$ref": f"#/components/schemas/{standard.response_model.__name__}"},
            {"$ref": "#/components/schemas/ErrorResponse"},
        ] == schema["anyOf"]
        if standard.request_model is not None:
            assert (
                f"#/components/schemas/{standard.request_model.__name__}"
                == (request_schema(document, name)["$ref"])
            )


def test_every_schema_and_field_of_the_contract_is_described() -> None:
    """A reader never has to guess."""
    for name, schema in standard_document()["components"]["schemas"].items():
        assert schema["description"], name
        for field, described in schema.get("properties", {}).items():
            assert described["description"], f"{name}.{field}"


@parametrize("kind", ["no connection", "auth", "credentials"])
@parametrize("name", ["list_accounts", "count_seats"])
def test_an_example_request_is_answered(
    integrations: dict[str, Integration], ask: Ask, kind: str, name: str
) -> None:
    """What the document shows works as it is."""
    request = example_request(integrations[kind], name)

    assert "response" in ask(integrations[kind], name, request)


def test_an_integration_shows_its_own_words(integrations: dict[str, Integration]) -> None:
    """Name, version, and how each capability is presented."""
    document = integration_document(integrations["auth"])
    shown = operations(document)

    assert ("Acme", "1.2.3") == (document["info"]["title"], document["info"]["version"])
    assert ["info", "count_seats", "list_accounts"] == list(shown)
    assert ("Everybody", "All accounts there are.") == (
        shown["list_accounts"]["summary"],
        shown["list_accounts"]["description"],
    )
    assert "Count Seats" == shown["count_seats"]["summary"]


BASIC = {"basic": {"username": "u", "password": "p"}}
MAIN = {"id": "main", **BASIC}
OWN = {"id": "own", "token": {"token": "t", "region": "eu"}}

REQUESTS: dict[str, tuple[str, Any, bool]] = {
    "auth": ("auth", {"auth": BASIC, "settings": {"region": "eu"}}, True),
    "no auth": ("auth", {"settings": {"region": "eu"}}, False),
    "another kind": (
        "auth",
        {"auth": {"token": {"token": "t"}}, "settings": {"region": "eu"}},
        False,
    ),
    "no settings": ("auth", {"auth": BASIC}, False),
    "settings that do not fit": ("auth", {"auth": BASIC, "settings": {"region": 3}}, False),
    "one of several": ("credentials", {"credentials": [MAIN], "settings": {"region": "eu"}}, True),
    "both of several": (
        "credentials",
        {"credentials": [OWN, MAIN], "settings": {"region": "eu"}},
        True,
    ),
    "an empty list": ("credentials", {"credentials": [], "settings": {"region": "eu"}}, False),
    "none of several": ("credentials", {"settings": {"region": "eu"}}, False),
    "an unknown one": (
        "credentials",
        {"credentials": [MAIN, {**OWN, "id": "other"}], "settings": {"region": "eu"}},
        False,
    ),
    "a misfit": (
        "credentials",
        {
            "credentials": [MAIN, {"id": "own", "token": {"token": "t"}}],
            "settings": {"region": "eu"},
        },
        False,
    ),
    "no payload": ("no connection", None, False),
    "nothing else": ("no connection", {}, True),
}
"""Requests to the integrations, and whether they are right."""


@pytest.mark.slow
@parametrize("case", REQUESTS)
def test_the_document_says_what_dispatch_does(
    integrations: dict[str, Integration], ask: Ask, case: str
) -> None:
    """The schema takes what is answered, and refuses what is refused."""
    from openapi_schema_validator import OAS31Validator

    kind, connection, is_right = REQUESTS[case]
    request = {} if connection is None else {**connection, "request": {}}
    document = integration_document(integrations[kind])
    validator = OAS31Validator(
        {**request_schema(document, "list_accounts"), "components": document["components"]}
    )

    assert is_right is validator.is_valid(request)
    assert is_right is ("response" in ask(integrations[kind], "list_accounts", request))


@pytest.mark.slow
def test_a_reply_fits_the_document(integrations: dict[str, Integration], ask: Ask) -> None:
    """Success, error and info."""
    integration = integrations["no connection"]
    document = integration_document(integration)
    requests = {
        "list_accounts": {"request": {}},
        "count_seats": {"request": {"plan": "a", "within": {"plan": "b"}}},
        "info": {},
    }
    for name, request in requests.items():
        schema = operations(document)[name]["responses"]["200"]["content"]["application/json"]
        check(ask(integration, name, request), schema["schema"], document)
        check(ask(integration, name, "["), schema["schema"], document)
