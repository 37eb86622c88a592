"""A declared credential: its form has to fit its kind."""

import pytest
from pydantic import BaseModel, ValidationError
from pytest_cases import parametrize

from connector_sdk.fields import SecretField
from connector_sdk.models import (
    CREDENTIAL_MODELS,
    AuthModel,
    BasicCredential,
    CredentialConfig,
    TokenCredential,
)


class RegionalToken(TokenCredential):
    """A token of an app that has a host in each region."""

    region: str
    signing_key: str = SecretField(description="Key that signs calls.")


class Unrelated(BaseModel):
    """A model that is no credential."""

    token: str


def config(**changes: object) -> CredentialConfig:
    """Declare a token, with some fields otherwise."""
    plain = {"id": "main", "type": AuthModel.TOKEN, "description": "A token."}
    return CredentialConfig.model_validate(plain | changes)


@parametrize("kind", CREDENTIAL_MODELS)
def test_the_model_of_the_kind_is_an_input_model(kind: AuthModel) -> None:
    """A kind's own model fits the kind, as does having none."""
    model = CREDENTIAL_MODELS[kind]

    assert model is config(type=kind, input_model=model).input_model
    assert config(type=kind).input_model is None


def test_a_subclass_is_an_input_model() -> None:
    """A subclass may add fields to its kind's."""
    assert RegionalToken is config(input_model=RegionalToken).input_model


@parametrize("misfit", [Unrelated, BasicCredential])
def test_another_model_is_refused(misfit: type[BaseModel]) -> None:
    """A model of another kind is refused with the one that is expected."""
    expected = (
        f"input_model {misfit.__name__} does not fit type 'token': "
        "make it a subclass of TokenCredential"
    )

    with pytest.raises(ValidationError, match=expected) as refused:
        config(input_model=misfit)

    assert [("input_model",)] == [error["loc"] for error in refused.value.errors()]


@parametrize("misfit", ["TokenCredential", 3, int, RegionalToken.model_construct()])
def test_something_else_than_a_model_is_refused(misfit: object) -> None:
    """A name, an instance or a plain class is no input model."""
    with pytest.raises(ValidationError, match="subclass of BaseModel"):
        config(input_model=misfit)


@parametrize(
    "change",
    [("type", AuthModel.BASIC), ("input_model", BasicCredential)],
    ids=lambda change: change[0],
)
def test_a_misfit_cannot_be_assigned(change: tuple[str, object]) -> None:
    """Neither side can be changed to one that does not fit; a refused change is none."""
    declared = config(input_model=RegionalToken)

    with pytest.raises(ValidationError, match="does not fit type"):
        setattr(declared, *change)

    assert config(input_model=RegionalToken) == declared


def test_a_wrong_type_is_the_only_fault_reported() -> None:
    """With an unknown kind nothing is said of the input model, which may be right."""
    with pytest.raises(ValidationError) as refused:
        config(type="saml", input_model=RegionalToken)

    assert [("type",)] == [error["loc"] for error in refused.value.errors()]


def test_its_schema_can_be_made() -> None:
    """A class has no JSON form, and yet the schema comes out, with the field described."""
    schema = CredentialConfig.model_json_schema()

    assert "description" in schema["properties"]["input_model"]
