# Pins: a daemon thread that waits for ever is left behind without a word.
import threading

started = threading.Event()


def wait_for_ever():
    started.set()
    try:
        threading.Event().wait()
    finally:
        print("never printed")


threading.Thread(target=wait_for_ever, daemon=True).start()
started.wait()
print("main ends, alive:", threading.active_count())
