"""`connector.oai.capability`, `connector.oai.errors` and `connector.oai.integration`."""

import asyncio
import json
from typing import Any

import pytest
from pydantic import BaseModel
from pytest_cases import parametrize

from connector.generated import (
    AppCategory,
    AuthCredential,
    AuthModel,
    BasicCredential,
    CredentialConfig,
    ErrorCode,
    ErrorResponse,
    GetAuthorizationUrlRequest,
    GetAuthorizationUrlResponse,
    ListAccountsRequest,
    ListAccountsResponse,
    StandardCapabilityName,
)
from connector.oai import capability
from connector.oai.capability import (
    AUTH_TYPE_MAP,
    CAPABILITY_PAYLOADS,
    Empty,
    capability_has_authenticated_request,
    capability_requires_auth,
    extra_data,
    generate_capability_schema,
    get_basic_auth,
    get_capability_annotations,
    get_credential,
    validate_capability,
)
from connector.oai.errors import (
    ConnectorError,
    DefaultHandler,
    ErrorMap,
    ExceptionHandler,
    handle_exception,
)
from connector.oai.integration import (
    CapabilityMetadata,
    DescriptionData,
    DuplicateCapabilityError,
    Integration,
)
from connector.oai.modules.base_module import BaseIntegrationModule
from connector.serializers.request import IntegrationField, SecretField
from connector_sdk.standard import REGISTERABLE


def make_integration(**options: Any) -> Integration:
    """Return an integration."""
    return Integration(
        **{
            "app_id": "acme",
            "version": "1",
            "exception_handlers": [],
            "description_data": DescriptionData("Acme", [AppCategory.OTHER]),
            **options,
        }
    )


def dispatch(integration: Integration, name: str, request: Any) -> Any:
    """Call a capability."""
    return json.loads(asyncio.run(integration.dispatch(name, json.dumps(request))))


async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
    """List none."""
    return ListAccountsResponse(response=[])


async def get_authorization_url(args: GetAuthorizationUrlRequest) -> GetAuthorizationUrlResponse:
    """Have none."""
    raise NotImplementedError


class Request(BaseModel):
    """A request of an author's own."""

    request: Empty
    auth: AuthCredential


class Response(BaseModel):
    """A response of an author's own."""

    response: Empty


def custom(args: Request) -> Response:
    """Answer at once."""
    return Response(response=Empty())


class TestCapabilities:
    """What can be asked of a capability's function."""

    def test_its_models_are_those_of_its_annotations(self) -> None:
        """The request's and the response's."""
        expected = (ListAccountsRequest, ListAccountsResponse)
        assert expected == get_capability_annotations(list_accounts)

    def test_its_schema_has_what_it_takes_and_gives(self) -> None:
        """As the info document has it."""
        schema = generate_capability_schema("list_accounts", list_accounts, "Lists.")
        integration = make_integration()
        integration.register_capability(StandardCapabilityName.LIST_ACCOUNTS, None, "Lists.")(
            list_accounts
        )
        assert integration.info().response.capability_schema["list_accounts"] == schema

    def test_one_that_fits_is_valid(self) -> None:
        """And nothing is said."""
        validate_capability(StandardCapabilityName.LIST_ACCOUNTS, list_accounts)

    def test_one_that_does_not_fit_is_told(self) -> None:
        """With what was expected and what was found."""
        with pytest.raises(TypeError, match="expected a request like ListAccountsRequest"):
            validate_capability(StandardCapabilityName.LIST_ACCOUNTS, get_authorization_url)

    @parametrize(
        "function, has_auth, requires_auth",
        [
            (list_accounts, True, False),
            (get_authorization_url, False, False),
            (custom, True, True),
        ],
    )
    def test_whether_it_takes_credentials_is_told(
        self, function: Any, *, has_auth: bool, requires_auth: bool
    ) -> None:
        """That it can, and that it must."""
        assert has_auth == capability_has_authenticated_request(function)
        assert requires_auth == capability_requires_auth(function)

    def test_payloads_are_those_of_the_standard(self) -> None:
        """A request and a response model for each that can be registered."""
        assert {name.value for name in CAPABILITY_PAYLOADS} == REGISTERABLE
        expected = (ListAccountsRequest, ListAccountsResponse)
        assert expected == CAPABILITY_PAYLOADS[StandardCapabilityName.LIST_ACCOUNTS]

    def test_another_name_is_not_there(self) -> None:
        """As in any module."""
        with pytest.raises(AttributeError, match="no attribute 'NOPE'"):
            _ = capability.NOPE  # type: ignore[attr-defined]


class TestRequests:
    """What a function asks of its request."""

    def test_each_kind_of_credential_has_its_model(self) -> None:
        """By the kind."""
        assert BasicCredential is AUTH_TYPE_MAP[AuthModel.BASIC]
        assert set(AuthModel) == set(AUTH_TYPE_MAP)

    def test_what_is_missing_is_a_connector_error(self) -> None:
        """With the code of a bad request."""
        request = ListAccountsRequest.model_validate({"request": {}})
        for ask in (get_basic_auth, lambda args: get_credential(args, "admin", BasicCredential)):
            with pytest.raises(ConnectorError) as caught:
                ask(request)

            assert ErrorCode.BAD_REQUEST is caught.value.error_code

    def test_extra_data_is_text(self) -> None:
        """Without what is None."""
        assert {"a": "1", "c": "True", "d": "[1]"} == extra_data(
            {"a": 1, "b": None, "c": True, "d": [1]}
        )


class TestErrors:
    """What a capability raises."""

    def test_handlers_of_an_author_are_asked(self) -> None:
        """As the triples say."""

        class AcmeError(Exception):
            pass

        class AcmeHandler(ExceptionHandler):
            @staticmethod
            def handle(
                e: Exception,
                original_func: Any,
                response: ErrorResponse,
                error_code: ErrorCode | None = None,
            ) -> ErrorResponse:
                response.error.message = f"acme: {e} in {original_func.__name__}"
                return response

        handlers: ErrorMap = [(AcmeError, AcmeHandler, ErrorCode.SERVICE_ERROR)]
        handlers.append((Exception, DefaultHandler, None))
        reply = handle_exception(handlers, AcmeError("down"), list_accounts, "acme").error
        assert ("acme: down in list_accounts", ErrorCode.SERVICE_ERROR) == (
            reply.message,
            reply.error_code,
        )


class TestIntegrations:
    """`Integration`, and the parts of its info document."""

    def test_functions_are_registered_in_all_three_ways(self) -> None:
        """By a decorator, by a table, and by a module, which yields to the others."""

        class Module(BaseIntegrationModule):
            def register(self, integration: Integration) -> None:
                @integration.register_capability(StandardCapabilityName.LIST_ACCOUNTS)
                async def module_lists(args: ListAccountsRequest) -> ListAccountsResponse:
                    raise NotImplementedError

                self.add_capability(StandardCapabilityName.LIST_ACCOUNTS.value)

        integration, module = make_integration(), Module()
        integration.add_module(module)
        metadata = CapabilityMetadata(display_name="All", description="All of them.")
        integration.register_capabilities(
            {StandardCapabilityName.LIST_ACCOUNTS: (list_accounts, metadata)}
        )
        integration.register_custom_capability("say_nothing")(custom)

        assert {"response": [], "raw_data": None, "page": None} == dispatch(
            integration, "list_accounts", {"request": {}}
        )
        assert ["list_accounts", "say_nothing"] == integration.info().response.capabilities
        assert ["list_accounts"] == module.capabilities

    def test_a_second_function_is_refused(self) -> None:
        """When it is registered."""
        integration = make_integration()
        integration.register_capability(StandardCapabilityName.LIST_ACCOUNTS)(list_accounts)
        with pytest.raises(DuplicateCapabilityError, match="list_accounts"):
            integration.register_capability(StandardCapabilityName.LIST_ACCOUNTS)

    def test_the_schema_of_a_model_has_its_order_and_its_marks(self) -> None:
        """For a platform's form."""

        class Settings(BaseModel):
            host: str = IntegrationField("Hosting", description="Where it is.")
            key: str = SecretField(title="Key")

        schema = make_integration().get_model_extended_json_schema(Settings)
        assert ["host", "key"] == schema["field_order"]
        assert "Hosting" == schema["properties"]["host"]["x-field_group"]
        assert "SECRET" == schema["properties"]["key"]["x-field_type"]

    def test_the_schemas_of_credentials_are_those_of_info(self) -> None:
        """One for each that is configured."""
        config = CredentialConfig(id="admin", type=AuthModel.BASIC, description="Who may.")
        integration = make_integration(credentials=[config])
        schemas = integration.get_credentials_json_schema()
        assert integration.info().response.credentials_schema == schemas
        assert ["admin"] == [schema["id"] for schema in schemas]
