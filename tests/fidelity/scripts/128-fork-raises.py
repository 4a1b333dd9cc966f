# Pins: an uncaught exception in a forked child, and the parent's own.
import os
import sys

os.register_at_fork(after_in_child=lambda: sys.stderr.write("at fork in child\n"),
                    before=lambda: sys.stderr.write("before\n"))
child = os.fork()
if child == 0:
    raise ValueError("child")
_, status = os.waitpid(child, 0)
raise ValueError("parent saw", os.WEXITSTATUS(status))
