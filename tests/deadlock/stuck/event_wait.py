import threading

step()
threading.Event().wait()
