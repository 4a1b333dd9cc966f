import signal
import threading

signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
signal.setitimer(signal.ITIMER_REAL, 0.4)
done = threading.Event()


def work():
    signal.sigwait([signal.SIGALRM])
    done.set()


threading.Thread(target=work).start()
done.wait()
