"""Sudo rights: who may run something as somebody, by sudoers(5).

`lines` joins and cleans the lines of a file, `grammar` reads one line, `files` all files of a
machine, `matching` finds out who is meant, and `rights` makes of it what the connector reports.
"""
