"""Starting a connector as each side's authors do."""


def run(module: str) -> None:
    """Answer this process's command line with the integration in `module`."""
    try:
        from connector_cli import run as run_ours
    except ModuleNotFoundError:
        pass
    else:
        run_ours(f"{module}:integration")

    from importlib import import_module

    from connector.cli import run_integration

    run_integration(import_module(module).integration)
