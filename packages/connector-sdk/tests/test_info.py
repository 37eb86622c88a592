"""info (contract, section 6): what a platform learns about a connector."""

from collections.abc import Callable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, Field, TypeAdapter
from pytest_cases import parametrize

from connector_sdk import (
    DescriptionData,
    GroupedField,
    HiddenField,
    Integration,
    IntegrationField,
    IntegrationModule,
    MultiLinesField,
    SecretField,
)
from connector_sdk.models import (
    CREDENTIAL_MODELS,
    AppCategory,
    AuthenticatedRequest,
    AuthModel,
    BasicCredential,
    CredentialConfig,
    EntitlementType,
    InfoResponse,
    JWTCredential,
    OAuthClientCredential,
    OAuthCredential,
    ResourceType,
    ResponseEnvelope,
    StandardCapabilityName,
    TokenCredential,
    WireModel,
)
from connector_sdk.standard import REGISTERABLE, standard_capability

Declare = Callable[..., Integration]
Ask = Callable[..., dict[str, Any]]


class Settings(BaseModel):
    """What a tenant chooses."""

    zone: str = Field(description="The zone.")
    api_key: str = SecretField(description="The key.")
    tag: str = HiddenField(default="")
    certificate: str = MultiLinesField(default="", alias="the-certificate")
    area: str = GroupedField("Hosting", default="eu", json_schema_extra={"x-own": 1})
    key: str = IntegrationField(group="Hosting", multiline=True, default="")
    phrase: str = IntegrationField(secret=True, default="", max_length=9)


class Count(WireModel):
    """A payload of a custom capability."""

    plan: str


class CountRequest(AuthenticatedRequest):
    """A request of a custom capability."""

    request: Count


class CountResponse(ResponseEnvelope):
    """A response of a custom capability."""

    response: dict[str, int]


async def count_seats(args: CountRequest) -> CountResponse:
    """Fit a custom capability."""
    raise AssertionError


class Flow(Enum):
    """The type of an OAuth flow."""

    CODE = "CODE_FLOW"


class OAuth:
    """OAuth settings that fit the protocol, and no more."""

    def __init__(
        self,
        scopes: Mapping[Any, str] = MappingProxyType({}),
        *,
        flow_type: Any = Flow.CODE,
        pkce: bool | None = None,
    ) -> None:
        self.flow_type = flow_type
        self.scopes = scopes
        self.pkce = pkce

    def make_module(self) -> IntegrationModule:
        """Return a module that registers nothing."""

        class Module(IntegrationModule):
            def register(self, integration: Integration) -> None:
                pass

        return Module()


def info_of(integration: Integration, ask: Ask) -> dict[str, Any]:
    """Return the document that `info` answers."""
    reply = ask(integration, "info", {})
    InfoResponse.model_validate(reply)
    document: dict[str, Any] = reply["response"]
    return document


def capability(name: str) -> Callable[..., Any]:
    """Return a function that fits a standard capability."""
    standard = standard_capability(name)

    async def function(args: Any) -> Any:
        raise AssertionError

    function.__annotations__ = {
        "args": standard.request_model,
        "return": standard.response_model,
    }
    return function


def test_an_integration_without_anything(declare: Declare, ask: Ask) -> None:
    """Every field of the data is there, in its order."""
    assert {
        "app_id": "acme",
        "version": "1.2.3",
        "capabilities": [],
        "capability_schema": {},
        "oauth_scopes": None,
        "authentication_schema": {},
        "credentials_schema": [],
        "logo_url": None,
        "user_friendly_name": "Acme",
        "description": None,
        "categories": [],
        "entitlement_types": [],
        "resource_types": [],
        "request_settings_schema": {
            "description": "The settings of an integration that has none.",
            "properties": {},
            "title": "EmptySettings",
            "type": "object",
            "field_order": [],
        },
    } == info_of(declare(), ask)


def test_what_is_declared_is_told(declare: Declare, ask: Ask) -> None:
    """As the author wrote it."""
    role = EntitlementType(
        type_id="role", type_label="Role", resource_type_id="org", min=1, max=None
    )
    org = ResourceType(type_id="org", type_label="Organization")
    document = info_of(
        declare(
            description_data=DescriptionData(
                user_friendly_name="Acme Suite",
                categories=[AppCategory.INTERNAL],
                description="Seats and more.",
                logo_url="https://acme.example/logo.svg",
            ),
            resource_types=[org],
            entitlement_types=[role],
        ),
        ask,
    )

    assert "Acme Suite" == document["user_friendly_name"]
    assert [AppCategory.INTERNAL.value] == document["categories"]
    assert "Seats and more." == document["description"]
    assert "https://acme.example/logo.svg" == document["logo_url"]
    assert [org.model_dump(mode="json")] == document["resource_types"]
    assert [role.model_dump(mode="json")] == document["entitlement_types"]


def test_capabilities_are_sorted(declare: Declare, ask: Ask) -> None:
    """Custom ones among the others, in whichever order they were registered."""
    integration = declare()
    for name in ("list_resources", "assign_entitlement"):
        integration.register_capability(name)(capability(name))

    @integration.register_custom_capability("count_seats")
    async def count(args: CountRequest) -> CountResponse:
        raise AssertionError

    document = info_of(integration, ask)

    expected = ["assign_entitlement", "count_seats", "list_resources"]
    assert expected == document["capabilities"]
    assert expected == list(document["capability_schema"])


@parametrize("name", sorted(REGISTERABLE))
def test_a_standard_capability_shows_its_payloads(declare: Declare, ask: Ask, name: str) -> None:
    """The JSON Schema of what is in `request` and in `response`, not of the envelopes."""
    integration = declare()
    integration.register_capability(name)(capability(name))
    standard = standard_capability(name)
    assert standard.request_model is not None
    argument: Any = standard.request_model.model_fields["request"].annotation
    output: Any = standard.response_model.model_fields["response"].annotation

    schema = info_of(integration, ask)["capability_schema"][name]

    assert TypeAdapter(argument).json_schema() == schema["argument"]
    assert TypeAdapter(output).json_schema() == schema["output"]
    assert ("array" if standard.paginated else "object") == schema["output"]["type"]
    assert name.replace("_", " ").title() == schema["display_name"]
    assert None is schema["description"]


def test_a_custom_capability_shows_its_payloads(declare: Declare, ask: Ask) -> None:
    """And how its author presents it."""
    integration = declare()

    @integration.register_custom_capability("count_seats", "Seats!", "How many seats there are.")
    async def count(args: CountRequest) -> CountResponse:
        raise AssertionError

    assert {
        "argument": Count.model_json_schema(),
        "output": {"additionalProperties": {"type": "integer"}, "type": "object"},
        "display_name": "Seats!",
        "description": "How many seats there are.",
    } == info_of(integration, ask)["capability_schema"]["count_seats"]


def test_a_form_tells_the_order_and_the_marks_of_its_fields(declare: Declare, ask: Ask) -> None:
    """By the keys that a request has, with all that `pydantic.Field` can say besides."""
    schema = info_of(declare(settings_model=Settings), ask)["request_settings_schema"]
    fields = schema["properties"]

    assert ["zone", "api_key", "tag", "the-certificate", "area", "key", "phrase"] == (
        schema["field_order"]
    )
    assert {
        "zone": (None, None),
        "api_key": ("SECRET", None),
        "tag": ("HIDDEN", None),
        "the-certificate": ("MULTI_LINES", None),
        "area": (None, "Hosting"),
        "key": ("MULTI_LINES", "Hosting"),
        "phrase": ("SECRET", None),
    } == {
        name: (field.get("x-field_type"), field.get("x-field_group"))
        for name, field in fields.items()
    }
    assert (1, "eu") == (fields["area"]["x-own"], fields["area"]["default"])
    assert 9 == fields["phrase"]["maxLength"]
    assert "The key." == fields["api_key"]["description"]
    assert ["zone", "api_key"] == schema["required"]


class Unit(BaseModel):
    """Settings that contain themselves."""

    zone: str
    within: "Unit | None" = None


def test_a_form_of_settings_that_contain_themselves_has_its_fields(
    declare: Declare, ask: Ask
) -> None:
    """At the top, as that of any settings."""
    schema = info_of(declare(settings_model=Unit), ask)["request_settings_schema"]

    assert ["zone", "within"] == schema["field_order"] == list(schema["properties"])
    assert {"$ref": "#/$defs/Unit"} == schema["properties"]["within"]["anyOf"][0]
    assert "Unit" in schema["$defs"]


KINDS: dict[type[WireModel], tuple[list[str], dict[str, str]]] = {
    OAuthCredential: (["access_token"], {"access_token": "HIDDEN"}),
    OAuthClientCredential: (
        ["access_token", "client_id", "client_secret", "scopes"],
        {"access_token": "HIDDEN", "client_secret": "SECRET"},
    ),
    BasicCredential: (["username", "password"], {"password": "SECRET"}),
    TokenCredential: (["token"], {"token": "SECRET"}),
    JWTCredential: (["headers", "claims", "secret"], {"secret": "SECRET"}),
}
"""The fields of each kind of credential, and their marks."""


@parametrize("model", KINDS)
def test_auth_shows_the_form_of_its_kind(
    declare: Declare, ask: Ask, model: type[WireModel]
) -> None:
    """With its marks; `credentials` are none then."""
    document = info_of(declare(auth=model), ask)
    schema = document["authentication_schema"]
    order, marks = KINDS[model]

    assert model.model_json_schema() | {"field_order": order} == schema
    assert marks == {
        name: field["x-field_type"]
        for name, field in schema["properties"].items()
        if "x-field_type" in field
    }
    assert [] == document["credentials_schema"]


class OwnToken(TokenCredential):
    """A token in a region."""

    region: str = Field(description="The region.")


def test_credentials_show_a_form_each(declare: Declare, ask: Ask) -> None:
    """Of its kind or of its input model, with id and description; `authentication_schema` is {}."""
    configs = [
        CredentialConfig(id=kind.value, type=kind, description=f"For {kind.value}.")
        for kind in AuthModel
    ]
    own = CredentialConfig(
        id="own", type=AuthModel.TOKEN, description="Own.", input_model=OwnToken, optional=True
    )
    document = info_of(declare(credentials=[*configs, own]), ask)

    assert {} == document["authentication_schema"]
    assert [
        *(
            CREDENTIAL_MODELS[kind].model_json_schema()
            | {
                "field_order": KINDS[CREDENTIAL_MODELS[kind]][0],
                "id": kind.value,
                "description": f"For {kind.value}.",
            }
            for kind in AuthModel
        ),
        OwnToken.model_json_schema()
        | {"field_order": ["token", "region"], "id": "own", "description": "Own."},
    ] == document["credentials_schema"]


@parametrize(
    "settings, told",
    [
        (
            OAuth({StandardCapabilityName.LIST_ACCOUNTS: "a b", "count_seats": "c"}, pkce=True),
            {
                "oauth_type": "CODE_FLOW",
                "scopes": {"list_accounts": "a b", "count_seats": "c"},
                "pkce_enabled": True,
            },
        ),
        (
            OAuth(flow_type="CLIENT_CREDENTIALS"),
            {"oauth_type": "CLIENT_CREDENTIALS", "scopes": {}, "pkce_enabled": False},
        ),
        (OAuth(pkce=False), {"oauth_type": "CODE_FLOW", "scopes": {}, "pkce_enabled": False}),
    ],
    ids=["code flow", "client credentials", "without PKCE"],
)
def test_oauth_settings_are_told(
    declare: Declare, ask: Ask, settings: OAuth, told: dict[str, Any]
) -> None:
    """At the credentials of an OAuth kind, and the scopes of the whole integration."""
    configs = [CredentialConfig(id=kind.value, type=kind, description="") for kind in AuthModel]

    document = info_of(declare(credentials=configs, oauth_settings=settings), ask)

    assert told["scopes"] == document["oauth_scopes"]
    assert {"oauth": told, "oauth_client_credentials": told} == {
        schema["id"]: schema["oauth_settings"]
        for schema in document["credentials_schema"]
        if "oauth_settings" in schema
    }


class Grant(IntegrationModule):
    """A module that gets the tokens of one kind of credential."""

    def __init__(self, kind: AuthModel, settings: OAuth) -> None:
        super().__init__()
        self.kind, self.settings = kind, settings

    def register(self, integration: Integration) -> None:
        """Register nothing."""

    def oauth_grants(self) -> Mapping[AuthModel, OAuth]:
        """Return its one grant."""
        return {self.kind: self.settings}


def test_each_credential_is_told_its_own_grant(declare: Declare, ask: Ask) -> None:
    """In whichever order the modules come; `oauth_scopes` are those of `oauth_settings`."""
    kinds = (AuthModel.OAUTH, AuthModel.OAUTH_CLIENT_CREDENTIALS)
    configs = [CredentialConfig(id=kind.value, type=kind, description="") for kind in kinds]
    code = OAuth({"list_accounts": "a"}, pkce=True)
    client = OAuth({"list_accounts": "b"}, flow_type="CLIENT_CREDENTIALS")
    integration = declare(credentials=configs, oauth_settings=code)
    integration.add_module(Grant(AuthModel.OAUTH_CLIENT_CREDENTIALS, client))
    integration.add_module(Grant(AuthModel.OAUTH, code))

    document = info_of(integration, ask)

    told = [
        {"oauth_type": "CODE_FLOW", "scopes": {"list_accounts": "a"}, "pkce_enabled": True},
        {
            "oauth_type": "CLIENT_CREDENTIALS",
            "scopes": {"list_accounts": "b"},
            "pkce_enabled": False,
        },
    ]
    assert told == [schema["oauth_settings"] for schema in document["credentials_schema"]]
    assert {"list_accounts": "a"} == document["oauth_scopes"]


def test_a_grant_is_told_that_only_a_module_brings(declare: Declare, ask: Ask) -> None:
    """An integration without `oauth_settings` has it all the same."""
    integration = declare(auth=OAuthCredential)
    integration.add_module(Grant(AuthModel.OAUTH, OAuth({"list_accounts": "a"})))

    assert {"list_accounts": "a"} == info_of(integration, ask)["oauth_scopes"]


def test_the_scopes_of_a_single_credential_are_told(declare: Declare, ask: Ask) -> None:
    """Beside `auth` as well."""
    settings = OAuth({"list_accounts": "a"})

    document = info_of(declare(auth=OAuthCredential, oauth_settings=settings), ask)

    assert {"list_accounts": "a"} == document["oauth_scopes"]
    assert "oauth_settings" not in document["authentication_schema"]


def test_connected_info_is_not_implemented(declare: Declare, ask: Ask) -> None:
    """It stays in the contract, and nothing answers it yet."""
    reply = ask(declare(), "connected_info", {"request": {}})

    assert "not_implemented" == reply["error"]["error_code"]


def test_a_changed_document_changes_no_other(declare: Declare) -> None:
    """Whoever changes the schemas of one info document finds none of it in the next."""
    integration = declare(auth=TokenCredential, settings_model=Settings)
    integration.register_custom_capability("count_seats")(count_seats)
    first = integration.info()
    expected = first.model_dump_json()
    first.response.request_settings_schema["properties"]["zone"]["title"] = "changed"
    first.response.authentication_schema.clear()
    first.response.capability_schema["count_seats"].argument["properties"]["plan"].clear()
    assert expected == integration.info().model_dump_json()


def test_a_later_registration_is_told(declare: Declare) -> None:
    """A capability that is registered after the first info document is in the second."""
    integration = declare()
    assert [] == integration.info().response.capabilities
    integration.register_custom_capability("count_seats")(count_seats)
    assert {"count_seats"} == set(integration.info().response.capability_schema)
