"""The command line of the connector that makes one HTTP request."""

from bench_connector.command_line import run

run("bench_connector.remote")
