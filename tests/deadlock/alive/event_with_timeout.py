import threading

print(threading.Event().wait(0.4))
