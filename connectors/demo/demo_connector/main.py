"""The command `demo-connector`."""

from connector_cli import run


def main() -> None:
    """Answer one command line, and exit."""
    run("demo_connector.integration:integration")


if __name__ == "__main__":
    main()
