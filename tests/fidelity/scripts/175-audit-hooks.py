# Pins: audit hooks of the script see its own events, and stay until shutdown.
import sys


def hook(event, arguments):
    if event.startswith("fidelity") or event == "cpython._PySys_ClearAuditHooks":
        print("event", event, arguments)


sys.addaudithook(hook)
sys.audit("fidelity.first", 1, "two")
print("end")
