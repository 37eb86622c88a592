"""The command of the odd connector, as a connector's `main.py` has it."""

from connector_cli import run

if __name__ == "__main__":
    run("odd_connector:integration")
