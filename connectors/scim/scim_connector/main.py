"""The command `scim-connector`."""

from connector_cli import run


def main() -> None:
    """Answer one command line, and exit."""
    run("scim_connector.integration:integration")


if __name__ == "__main__":
    main()
