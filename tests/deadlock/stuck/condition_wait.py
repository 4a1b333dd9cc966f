import threading

condition = threading.Condition()
with condition:
    step()
    condition.wait()
