"""Starts one process and writes what it took to a file; `processes.py` runs it.

It is as small as a Python process can be: Linux counts what a process held when it forked to the
peak memory of what it starts.

    python -I -S launch.py RESULT PROGRAM [WORD ...]
"""

import os
import sys
import time

result, *command = sys.argv[1:]
started = time.perf_counter()
process = os.posix_spawn(command[0], command, os.environ)
_, status, usage = os.wait4(process, 0)
wall = time.perf_counter() - started
with open(result, "w", encoding="ascii") as file:
    cpu = usage.ru_utime + usage.ru_stime
    file.write(f"{os.waitstatus_to_exitcode(status)} {wall} {cpu} {usage.ru_maxrss}")
