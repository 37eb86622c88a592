"""The command `ldap-connector`."""

from connector_cli import run


def main() -> None:
    """Answer one command line, and exit."""
    run("ldap_connector.integration:integration")


if __name__ == "__main__":
    main()
