# Pins: the handlers and the mask that a script finds.
import signal

for number in sorted(signal.valid_signals()):
    handler = signal.getsignal(number)
    if handler is not signal.SIG_DFL:
        print(int(number), getattr(handler, "__name__", handler))
print(signal.pthread_sigmask(signal.SIG_BLOCK, []))
print(signal.sigpending(), signal.getitimer(signal.ITIMER_REAL))
