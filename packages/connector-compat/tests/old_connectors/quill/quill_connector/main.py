"""The command of the connector."""

from connector.cli import run_integration
from quill_connector.integration import integration


def main() -> None:
    """Answer one command line."""
    run_integration(integration)


if __name__ == "__main__":
    main()
