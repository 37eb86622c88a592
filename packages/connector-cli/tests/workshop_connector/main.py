"""The command."""

from connector_cli import run

if __name__ == "__main__":
    run("workshop_connector.integration:integration")
