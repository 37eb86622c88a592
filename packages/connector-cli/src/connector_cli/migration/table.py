"""Where the names of the predecessor's API are now.

This is data for `connector migrate`. A test of connector-compat, which offers the old paths, holds
it against what it re-exports: a name that moved stands for the same thing in both places.
"""

from collections.abc import Mapping
from dataclasses import dataclass

MOVED: Mapping[str, Mapping[str, str]] = {
    "connector.cli": {"run_integration": "connector_cli:run"},
    "connector.httpx_rewrite": {
        "AsyncClient": "connector_sdk.http:AsyncClient",
        "get_proxy_headers": "connector_sdk.http:get_proxy_headers",
        "get_proxy_url": "connector_sdk.http:get_proxy_url",
        "proxy_settings": "connector_sdk.http:proxy_settings",
    },
    "connector.oai.base_clients": {
        "BaseIntegrationClient": "connector_sdk.http:BaseIntegrationClient",
    },
    "connector.oai.capability": {
        "AUTH_TYPE_MAP": "connector_sdk.models:CREDENTIAL_MODELS",
        "AuthRequest": "connector_sdk:AuthRequest",
        "Request": "connector_sdk:Request",
        "get_basic_auth": "connector_sdk:get_basic_auth",
        "get_credential": "connector_sdk:get_credential",
        "get_jwt_auth": "connector_sdk:get_jwt_auth",
        "get_oauth": "connector_sdk:get_oauth",
        "get_page": "connector_sdk:get_page",
        "get_settings": "connector_sdk:get_settings",
        "get_token_auth": "connector_sdk:get_token_auth",
    },
    "connector.oai.errors": {
        "ConnectorError": "connector_sdk:ConnectorError",
        "DefaultHandler": "connector_sdk:DefaultHandler",
        "ExceptionHandler": "connector_sdk:ExceptionHandler",
        "HTTPHandler": "connector_sdk:HTTPHandler",
        "handle_exception": "connector_sdk.errors:handle_exception",
    },
    "connector.oai.integration": {
        "CapabilityMetadata": "connector_sdk:CapabilityMetadata",
        "DescriptionData": "connector_sdk:DescriptionData",
        "DuplicateCapabilityError": "connector_sdk:DuplicateCapabilityError",
        "EmptySettings": "connector_sdk:EmptySettings",
        "Integration": "connector_sdk:Integration",
        "IntegrationError": "connector_sdk:IntegrationError",
        "InvalidAppIdError": "connector_sdk:InvalidAppIdError",
        "InvalidCapabilityNameError": "connector_sdk:InvalidCapabilityNameError",
        "ReservedCapabilityNameError": "connector_sdk:ReservedCapabilityNameError",
    },
    "connector.oai.modules.base_module": {
        "BaseIntegrationModule": "connector_sdk:IntegrationModule",
    },
    "connector.oai.modules.oauth_module_types": {
        "ClientAuthenticationMethod": "connector_oauth:ClientAuthenticationMethod",
        "OAuthCapabilities": "connector_oauth:OAuthCapabilities",
        "OAuthFlowType": "connector_oauth:OAuthFlowType",
        "OAuthRequest": "connector_oauth:OAuthRequest",
        "OAuthSettings": "connector_oauth:OAuthSettings",
        "RequestDataType": "connector_oauth:RequestDataType",
        "RequestMethod": "connector_oauth:RequestMethod",
    },
    "connector.serializers.request": {
        "FieldType": "connector_sdk:FieldType",
        "GroupedField": "connector_sdk:GroupedField",
        "HiddenField": "connector_sdk:HiddenField",
        "IntegrationField": "connector_sdk:IntegrationField",
        "MultiLinesField": "connector_sdk:MultiLinesField",
        "SecretField": "connector_sdk:SecretField",
    },
    "connector.tests.type_definitions": {
        "MockedResponse": "connector_sdk.testing:MockedResponse",
        "RequestHandler": "connector_sdk.testing:Answer",
        "ResponseBodyMap": "connector_sdk.testing:ResponseBodyMap",
    },
    "connector.utils.account": {"full_name": "connector_sdk:full_name"},
    "connector.utils.client_utils": {
        "create_client_response": "connector_sdk.http:create_client_response",
    },
    "connector.utils.httpx_auth": {"BearerAuth": "connector_sdk.http:BearerAuth"},
    "connector.utils.jwt_utils": {"sign_jwt": "connector_sdk:sign_jwt"},
    "connector.utils.pagination": {
        "NextPageTokenInterface": "connector_sdk:NextPageToken",
        "PaginationBase": "connector_sdk:PaginationBase",
    },
}
"""By old module and name: what takes its place, as `module:name`. A moved name may have another.

The models and enums in `connector.generated`, and in its modules, are not listed: all that
`connector_sdk.models` has are there, by the same names.
"""

GENERATED = "connector.generated"
MODELS = "connector_sdk.models"

COMMAND_LINE = "the command line is no argparse parser; leave it out"
SERVER = "start the server with `<connector> dev http-server`, or await integration.dispatch(…)"
BUILD = "use `connector compile-on-prem`"
NAMES = "use `connector scaffold NAME DIRECTORY`, which derives the other spellings itself"
PROXY = "it reached one vendor's hosts; use HTTPS_PROXY or connector_sdk.http.proxy_settings"
UNION = "a reply is either its response model or ErrorResponse; read it with the one you expect"

CHANGED: Mapping[str, str] = {
    "connector.auth_helper:parse_auth_code_and_redirect_uri": (
        "connector_oauth.read_redirect(url, state=…) returns .code and .redirect_uri"
    ),
    "connector.cli:CAPABILITY_PREFIX": COMMAND_LINE,
    "connector.cli:build_executable": BUILD,
    "connector.cli:capability_executor": COMMAND_LINE,
    "connector.cli:collect_capabilities": COMMAND_LINE,
    "connector.cli:create_integration_hacking_parser": COMMAND_LINE,
    "connector.cli:get_result_file_path": COMMAND_LINE,
    "connector.cli:http_integration_server": SERVER,
    "connector.compile:BundleDetails": BUILD,
    "connector.compile:DEFAULT_EXCLUDE_MODULES": BUILD,
    "connector.compile:bundle_onprem": BUILD,
    "connector.compile:compile_executable_for_onprem": BUILD,
    "connector.compile:connector_metadata_file": BUILD,
    "connector.compile:get_about_path_from_package": BUILD,
    "connector.compile:get_archive_filename": BUILD,
    "connector.compile:get_version_from_package": BUILD,
    "connector.http_server:collect_integration_routes": SERVER,
    "connector.http_server:create_app": SERVER,
    "connector.http_server:create_req_handler": SERVER,
    "connector.http_server:load_integration": "import the connector's module",
    "connector.http_server:runserver": SERVER,
    "connector.httpx_rewrite:HTTPXAsyncTransport": (
        "use connector_sdk.http.GraphQL(client.http), which needs no gql"
    ),
    "connector.main:main": "the command `connector` comes with connector-cli",
    "connector.oai.capability:CAPABILITY_PAYLOADS": (
        "connector_sdk.standard.STANDARD_CAPABILITIES has .request_model and .response_model"
    ),
    "connector.oai.capability:CapabilityCallableProto": (
        "connector_sdk.CapabilityFunction takes two types: the request's and the response's"
    ),
    "connector.oai.capability:Empty": "write `class Empty(BaseModel)` where you need it",
    "connector.oai.capability:Response": "use connector_sdk.models.ResponseEnvelope",
    "connector.oai.capability:capability_has_authenticated_request": (
        "integration.capabilities[name].takes_credentials says it"
    ),
    "connector.oai.capability:capability_requires_auth": (
        "integration.capabilities[name].takes_credentials says it"
    ),
    "connector.oai.capability:extra_data": (
        "write {key: str(value) for key, value in extra.items() if value is not None}"
    ),
    "connector.oai.capability:generate_capability_schema": (
        "integration.info().response.capability_schema[name] has it"
    ),
    "connector.oai.capability:get_capability_annotations": (
        "integration.capabilities[name] has .request_model and .response_model"
    ),
    "connector.oai.capability:validate_capability": "a function is checked when it is registered",
    "connector.oai.errors:ErrorMap": "leave the annotation out, or write the list's type",
    "connector.oai.integration:AuthSetting": "write type[connector_sdk.models.WireModel]",
    "connector.oai.modules.oauth_module:OAuthModule": (
        "override the methods of connector_oauth.OAuthModule that are named for capabilities"
    ),
    "connector.pydantic:PydanticModel": "use pydantic.BaseModel",
    "connector.pydantic:get_pydantic_model": "use typing.get_type_hints and issubclass",
    "connector.pydantic:is_pydantic_model": "write issubclass(cls, BaseModel)",
    "connector.scaffold.create:ScaffoldError": NAMES,
    "connector.scaffold.create:hyphenate": NAMES,
    "connector.scaffold.create:namecase": NAMES,
    "connector.scaffold.create:pascalcase": NAMES,
    "connector.scaffold.create:scaffold": NAMES,
    "connector.scaffold.create:setup_args": NAMES,
    "connector.scaffold.create:snakecase": NAMES,
    "connector.shared_types:OptionalRawDataType": "write dict[str, dict[str, Any] | None] | None",
    "connector.shared_types:RawDataType": "write dict[str, dict[str, Any] | None]",
    "connector.tests.coverage_check:case_coverage_check": (
        "assert [] == connector_sdk.testing.case_faults(integration, folder)"
    ),
    "connector.tests.gather_cases:calculate_coverage": (
        "connector_sdk.testing.case_faults(integration, folder) says what is missing"
    ),
    "connector.tests.gather_cases:gather_cases": (
        "connector_sdk.testing.gather_cases(integration, folder) returns modules, not their names"
    ),
    "connector.tests.mock_httpx:mock_requests": (
        "connector_sdk.testing.mock_requests is a context manager, and needs no pytest-httpx"
    ),
    "connector.tests.type_definitions:ClientContextManager": (
        "write Callable[[str, str, connector_sdk.testing.Answer], AbstractContextManager[None]]"
    ),
    "connector.utils.pagination:create_next_page_token": (
        "write NextPageToken[Pagination], with NextPageToken from connector_sdk"
    ),
    "connector.utils.proxy_utils:ProxyToken": PROXY,
    "connector.utils.proxy_utils:get_proxy_token_async": PROXY,
    "connector.utils.proxy_utils:get_proxy_token_sync": PROXY,
    "connector.utils.proxy_utils:get_proxy_url": PROXY,
    "connector.utils.test:http_error_message": (
        "the reply's message is `[status][url without query] body`"
    ),
}
"""What has another shape now, as `module:name`, and what to write instead."""


@dataclass(frozen=True, slots=True)
class Method:
    """A method that only connector-compat has."""

    of: str
    """What brings it when it is imported: an old module, or one name in it as `module:name`."""

    instead: str
    """What to write in its place."""

    @property
    def is_inherited(self) -> bool:
        """Whether it is a subclass's: then that class has to stay wherever it is imported.

        The others are given to the SDK's own classes by whatever file imports `of`.
        """
        return self.of == INTEGRATION


INTEGRATION = "connector.oai.integration:Integration"
CLIENT = "connector.httpx_rewrite:AsyncClient"

METHODS: Mapping[str, Method] = {
    "from_dict": Method(GENERATED, "Model.model_validate(data)"),
    "from_json": Method(GENERATED, "Model.model_validate_json(text)"),
    "get_credentials_json_schema": Method(
        INTEGRATION, "integration.info().response.credentials_schema"
    ),
    "get_model_extended_json_schema": Method(
        INTEGRATION, "integration.info(), which has the schemas of all forms"
    ),
    "to_dict": Method(GENERATED, "model.model_dump(by_alias=True, exclude_none=True)"),
    "to_json": Method(GENERATED, "model.model_dump_json(by_alias=True)"),
    "to_str": Method(GENERATED, "str(model)"),
    "will_rewrite_request": Method(CLIENT, "get_proxy_url() is not None"),
}
"""Methods by name. Whatever else has a method of the same name is taken for them, too: what would
stop working stays as it is."""


def new_place(module: str, name: str) -> str | None:
    """Return where a name of the predecessor is now, as `module:name`.

    Parameters:
        module: the old module.
        name: the name in it.

    Returns:
        None for what has another shape now, and for what was never there.
    """
    if not is_generated(module):
        return MOVED.get(module, {}).get(name)

    from connector_sdk import models

    return f"{MODELS}:{name}" if name in models.__all__ else None


def is_generated(module: str) -> bool:
    """Tell whether an old module is the package of models, or in it."""
    return f"{module}.".startswith(f"{GENERATED}.")


def advice(module: str, name: str) -> str:
    """Return what to do about a name that is left where it is."""
    if _is_module(f"{module}.{name}"):
        return "import the names that you need from it"

    if is_generated(module):
        return UNION

    return CHANGED.get(f"{module}:{name}", "the predecessor has no such name")


def names_old_module(text: str) -> bool:
    """Tell whether a text is the dotted path of an old module, or of something in it."""
    return any(f"{text}.".startswith(f"{module}.") for module in _old_modules())


def _is_module(path: str) -> bool:
    return any(f"{module}.".startswith(f"{path}.") for module in _old_modules())


def _old_modules() -> set[str]:
    return {GENERATED, *MOVED, *(place.partition(":")[0] for place in CHANGED)}
