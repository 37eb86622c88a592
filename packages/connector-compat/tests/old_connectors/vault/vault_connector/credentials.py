"""What a tenant gives to the connector."""

from pydantic import BaseModel

from connector.generated import AuthModel, BasicCredential, CredentialConfig
from connector.serializers.request import GroupedField, HiddenField, MultiLinesField, SecretField


class AdminCredential(BasicCredential):
    """An administrator, who signs in with a second password."""

    pin: str = SecretField(description="The second password.", title="PIN")
    note: str = MultiLinesField(default="", description="For whoever reads the audit log.")


class VaultSettings(BaseModel):
    """Which tenant it is."""

    region: str = GroupedField("Hosting", description="Where the tenant is hosted.")
    build: str = HiddenField(default="stable", description="Which API is called.")


CREDENTIALS = [
    CredentialConfig(id="reader", type=AuthModel.TOKEN, description="A token that may read."),
    CredentialConfig(
        id="admin",
        type=AuthModel.BASIC,
        description="Who may change things.",
        optional=True,
        input_model=AdminCredential,
    ),
]
