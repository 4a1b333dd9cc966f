# Pins: faulthandler.dump_traceback_later that is cancelled, and a dump on demand.
import faulthandler
import sys

faulthandler.dump_traceback_later(600)
faulthandler.cancel_dump_traceback_later()
print(faulthandler.is_enabled(), flush=True)


def inside():
    faulthandler.dump_traceback(file=sys.stderr, all_threads=False)


inside()
