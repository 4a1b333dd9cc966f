# ends: killed by SIGALRM
import signal
import threading

signal.setitimer(signal.ITIMER_REAL, 0.4)
lock = threading.Lock()
lock.acquire()
lock.acquire()
