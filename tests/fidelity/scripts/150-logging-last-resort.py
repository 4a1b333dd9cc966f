# Pins: logging without configuration, with basicConfig, and a handler that fails.
import logging
import sys

logging.info("unseen")
log = logging.getLogger("quiet")
log.warning("by the last resort %d", 1)
logging.warning("now basicConfig was called")
log.error("with its format")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("with a traceback")
log.error("%d is wrong", "text")
handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(logging.Formatter("%(threadName)s %(processName)s %(module)s %(lineno)d"))
log.addHandler(handler)
log.propagate = False
log.error("from here")
