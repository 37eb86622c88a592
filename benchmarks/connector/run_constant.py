"""The command line of the connector that makes no request."""

from bench_connector.command_line import run

run("bench_connector.constant")
