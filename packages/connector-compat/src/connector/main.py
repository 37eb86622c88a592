"""The `connector` command."""

__all__ = ["main"]


def main() -> None:
    """Answer one command line of `connector`, and end the process."""
    from connector_cli.app import main as answer_command_line

    answer_command_line()


if __name__ == "__main__":
    main()
