"""No value of a request can become part of a filter or a name: there is no LDAP injection."""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ldap3.operation.search import compile_filter, parse_filter  # type: ignore[import-untyped]
from ldap3.utils.dn import parse_dn  # type: ignore[import-untyped]

from ldap_connector.escaping import equals, escaped, folded, name_below

HOSTILE = '*()\\\0&|!=<>~,+"#;/ aé\n'
texts = st.text(st.sampled_from(HOSTILE) | st.characters(codec="utf-8"))


@settings(deadline=None)
@given(texts)
def test_a_value_is_letters_digits_and_escapes(value: str) -> None:
    """Nothing special is left of a value, and it can be read back."""
    text = escaped(value)
    assert re.fullmatch(r"([A-Za-z0-9]|\\[0-9a-f]{2})*", text)
    read = re.sub(rb"\\(..)", lambda found: bytes.fromhex(found[1].decode()), text.encode())
    assert value == read.decode()


@settings(deadline=None)
@given(texts)
def test_a_value_is_one_comparison_to_the_library(value: str) -> None:
    """The library reads a filter as one comparison, of the attribute with the value."""
    root = parse_filter(equals("uid", value), None, True, None, None, False)  # noqa: FBT003 # its signature
    [built] = [compile_filter(element) for element in root.elements]
    assert "equalityMatch" == built.getName()
    assert ("uid", value.encode()) == (
        str(built.getComponent()["attributeDesc"]),
        bytes(built.getComponent()["assertionValue"]),
    )


@settings(deadline=None)
@given(texts.filter(bool))
def test_a_name_has_one_more_part(value: str) -> None:
    """The library reads a name as one part before those of the parent."""
    parts = parse_dn(name_below("uid", value, "dc=example,dc=com"))
    assert ["uid", "dc", "dc"] == [part[0] for part in parts]


@pytest.mark.parametrize(
    "spelling",
    [
        "uid=a\\2Cb\\C3\\A9,dc=example",
        "UID=A\\,Bé, DC=Example",
        "uid = a\\2cb\\c3\\a9 ,dc=example",
    ],
)
def test_spellings_of_a_name_are_equal(spelling: str) -> None:
    """Case, spaces around separators and ways to escape make no difference."""
    assert folded("uid=a\\2cbé,dc=example") == folded(spelling)


def test_other_names_are_not_equal() -> None:
    """An escaped separator is no separator."""
    assert folded("uid=a\\2cdc=b") != folded("uid=a,dc=b")
    assert folded("uid=a\\5c2c") != folded("uid=a\\2c")


@pytest.mark.slow
@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.text(
        st.sampled_from(HOSTILE) | st.characters(codec="utf-8", categories=["L", "N", "S"]),
        min_size=1,
        max_size=12,
    ).map(lambda text: f"x{text}x")
)
def test_a_hostile_user_name_is_a_user_name(tenant: Any, username: str) -> None:
    """The real server keeps any name as it is, finds one account by it, and deletes only that."""
    tenant.do("create_account", username="bystander", entitlements=[])
    tenant.do("create_account", username=username, entitlements=[])
    [found] = [each for each in tenant.listed("list_accounts") if each["username"] != "bystander"]
    assert username == found["username"]
    group = f"dn: cn=staff,BASE\nobjectClass: groupOfNames\nmember: uid=bystander,{tenant.base}\n"
    if not tenant.listed("list_resources"):
        tenant.modify(group)
    tenant.do(
        "assign_entitlement",
        account_integration_specific_id=found["integration_specific_id"],
        resource_integration_specific_id=tenant.group("staff"),
        resource_type="group",
        entitlement_type="membership",
        entitlement_integration_specific_id=tenant.group("staff"),
    )
    assert {("bystander", "staff"), (username, "staff")} == tenant.members()
    tenant.do("delete_account", account_id=found["integration_specific_id"])
    assert {("bystander", "staff")} == tenant.members()
