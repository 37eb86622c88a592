"""`connector.generated`: the SDK's models at the old paths, with what generated ones could do."""

import ast
import importlib
import inspect
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from pytest_cases import parametrize

import connector
from connector import generated
from connector._generator_methods import GeneratorMethods
from connector.generated import (
    AccountStatus,
    CredentialConfigInputModel,
    ErrorResponse,
    FoundAccountData,
    JWTHeaders,
    ListAccounts200Response,
    ListAccountsRequest,
    ListAccountsResponse,
    ListConnectorAppIds200Response,
    OAuthCredential,
    Page,
    TokenCredential,
)
from connector_sdk import models

CONTRACT = Path(__file__).parent / "contract"
WRAPPERS = {
    entry["name"]: entry
    for entry in json.loads((CONTRACT / "wrappers-4.4.json").read_text(encoding="utf-8"))[
        "response_wrappers"
    ]
}
UNIONS = sorted(name for name, entry in WRAPPERS.items() if "any_of" in entry)

ANN = FoundAccountData(integration_specific_id="1", user_status=AccountStatus.ACTIVE)
ERROR = ErrorResponse.model_validate(
    {"is_error": True, "error": {"message": "m", "error_code": "not_found", "app_id": "a"}}
)


def test_every_model_and_enum_of_the_sdk_is_there() -> None:
    """All of the contract, the unions besides, and nothing else."""
    of_the_sdk_alone = {
        "AuthenticatedRequest",
        "CREDENTIAL_MODELS",
        "RequestEnvelope",
        "ResponseEnvelope",
        "WireModel",
    }
    expected = {*models.__all__, *WRAPPERS, "CredentialConfigInputModel"} - of_the_sdk_alone
    assert expected == set(generated.__all__)
    assert sorted(generated.__all__) == generated.__all__


def test_a_model_is_at_its_three_paths() -> None:
    """The package, the package of modules and its own module give one and the same class."""
    for name in generated.__all__:
        found = getattr(generated, name)
        module = importlib.import_module(f"connector.generated.models.{module_of(name)}")
        assert found is getattr(generated.models, name), name
        assert found is getattr(module, name), name
        assert found is getattr(models, name, found), name


def module_of(name: str) -> str:
    """Return the module of a model."""
    table: dict[str, str] = generated.models._MODULE_OF
    return table[name]


def test_a_name_that_is_not_there_is_an_error() -> None:
    """As in any module."""
    with pytest.raises(AttributeError, match="no attribute 'Nope'"):
        _ = generated.Nope  # type: ignore[attr-defined]


@parametrize(
    "model, expected",
    [
        (Page(), {}),
        (Page(token="t", size=None), {"token": "t"}),
        (ANN, {"integration_specific_id": "1", "user_status": AccountStatus.ACTIVE}),
        (ListAccountsResponse(response=[ANN]), {"response": [ANN.to_dict()]}),
        (
            ListAccountsResponse(response=[], raw_data=None, page=None),
            {"response": [], "raw_data": None},
        ),
        (
            FoundAccountData(integration_specific_id="1", extra_data={"a": "b"}),
            {"integration_specific_id": "1", "extra_data": {"a": "b"}},
        ),
        (JWTHeaders.model_validate({"x5t#S256": "x"}), {"x5t#S256": "x"}),
    ],
    ids=["empty", "none", "enum", "nested", "explicit-none", "dictionary", "alias"],
)
def test_to_dict_leaves_out_what_is_none(model: Any, expected: Any) -> None:
    """By the names on the wire; only free values keep a None that was given."""
    assert expected == model.to_dict()


def test_to_json_is_to_dict_as_json() -> None:
    """With the values of enums."""
    assert {"integration_specific_id": "1", "user_status": "ACTIVE"} == json.loads(ANN.to_json())


def test_to_str_shows_all_fields() -> None:
    """Those that are None as well."""
    assert "{'size': None, 'token': 't'}" == Page(token="t").to_str()


def test_from_dict_reads_what_it_knows() -> None:
    """Unknown keys are ignored, and credentials are not lost."""
    request = ListAccountsRequest.from_dict(
        {"request": {}, "auth": {"token": {"token": "t"}}, "more": 1}
    )
    assert request is not None
    assert request.auth is not None
    assert TokenCredential(token="t") == request.auth.token


@parametrize(
    reading=[Page.from_dict, lambda obj: Page.from_json(json.dumps(obj))],
    ids=["from_dict", "from_json"],
)
def test_nothing_is_read_from_nothing(reading: Any) -> None:
    """None, and JSON's null, give None."""
    assert None is reading(None)


def test_what_does_not_fit_is_an_error() -> None:
    """A required key that is missing, for instance."""
    with pytest.raises(ValidationError, match="integration_specific_id"):
        FoundAccountData.from_dict({})


def test_type_checkers_know_the_same_methods() -> None:
    """The stub of the SDK's base class has their signatures."""
    stub = Path(str(connector.__file__)).parents[1] / "connector_sdk-stubs/models/base.pyi"
    assert methods(inspect.getsource(GeneratorMethods)) == methods(stub.read_text(encoding="utf-8"))


def methods(source: str) -> dict[str, str]:
    """Return the signatures of the methods of the one class in a source."""
    (cls,) = (node for node in ast.parse(source).body if isinstance(node, ast.ClassDef))
    return {
        node.name: f"{ast.unparse(node.args)} -> {ast.unparse(node.returns)}"
        for node in cls.body
        if isinstance(node, ast.FunctionDef) and node.returns
    }


ACCOUNTS = st.builds(
    FoundAccountData,
    integration_specific_id=st.text(),
    email=st.none() | st.text(),
    user_status=st.none() | st.sampled_from(AccountStatus),
    extra_data=st.none() | st.dictionaries(st.text(), st.text()),
)


@given(ACCOUNTS)
def test_a_model_comes_back_from_its_dictionary_and_its_json(account: FoundAccountData) -> None:
    """Both are the whole of it."""
    assert account == FoundAccountData.from_dict(account.to_dict())
    assert account == FoundAccountData.from_json(account.to_json())


def test_a_model_of_an_author_can_do_the_same() -> None:
    """Whatever is derived from a wire model has the methods."""

    class Badge(models.WireModel):
        number: int

    assert {"number": 7} == Badge(number=7).to_dict()


@parametrize(name=UNIONS)
def test_a_union_has_its_members(name: str) -> None:
    """The response and the error reply."""
    union = getattr(generated, name)()
    assert set(WRAPPERS[name]["any_of"]) == union.any_of_schemas


class TestUnions:
    """What stands for one of several models."""

    @parametrize(instance=[ListAccountsResponse(response=[ANN]), ERROR], ids=["response", "error"])
    def test_one_is_read_as_the_first_that_fits(self, instance: Any) -> None:
        """From a dictionary and from JSON; it gives its instance's dictionary back."""
        union = ListAccounts200Response.from_json(instance.to_json())
        assert instance == union.actual_instance
        assert union == ListAccounts200Response.from_dict(instance.to_dict())
        assert instance.to_dict() == union.to_dict()
        assert instance.to_json() == union.to_json()

    def test_of_several_that_fit_the_first_is_taken(self) -> None:
        """In the order of the contract."""
        data = {"access_token": "a", "client_id": "c", "client_secret": "s", "scopes": []}
        union = CredentialConfigInputModel.from_dict(data)
        assert OAuthCredential(access_token="a") == union.actual_instance

    def test_it_is_made_with_its_instance(self) -> None:
        """By position or by name."""
        by_position = CredentialConfigInputModel(TokenCredential(token="t"))
        by_name = CredentialConfigInputModel(actual_instance=TokenCredential(token="t"))
        assert by_position == by_name
        assert "{'actual_instance': {'token': 't'}}" == by_name.to_str()

    def test_it_can_be_empty(self) -> None:
        """Until something is assigned."""
        union = ListAccounts200Response()
        assert None is union.to_dict()
        union.actual_instance = ERROR
        assert ERROR.to_dict() == union.to_dict()

    @parametrize(value=[None, 5, {"response": []}, Page()], ids=str)
    def test_nothing_else_is_taken(self, value: Any) -> None:
        """No other model, no data, and not None."""
        with pytest.raises(ValidationError, match="expected ListAccountsResponse or ErrorResponse"):
            ListAccounts200Response(value)

    def test_what_fits_no_member_is_told(self) -> None:
        """By their names, not by the data."""
        with pytest.raises(ValueError, match="neither ListAccountsResponse nor ErrorResponse") as e:
            ListAccounts200Response.from_dict({"s3cret": 1})

        assert "s3cret" not in str(e.value)


def test_the_reply_of_a_host_is_a_response_of_its_own() -> None:
    """A list of app ids."""
    reply = ListConnectorAppIds200Response.from_dict({"response": ["a"], "raw_data": None})
    assert reply is not None
    assert {"response": ["a"], "raw_data": None} == reply.to_dict()
