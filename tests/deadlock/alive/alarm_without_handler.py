# ends: killed by SIGALRM
import signal
import threading

signal.alarm(1)
threading.Event().wait()
