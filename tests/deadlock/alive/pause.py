import signal

signal.signal(signal.SIGALRM, lambda number, frame: print("woken"))
signal.setitimer(signal.ITIMER_REAL, 0.4)
signal.pause()
