# Pins: a non-daemon thread goes on after the main code, before atexit and finalisers.
import atexit
import threading


def work():
    threading.main_thread().join()
    print("main thread alive:", threading.main_thread().is_alive())
    for number in range(3):
        print("late", number)


class Noisy:
    def __del__(self):
        print("del")


noisy = Noisy()
atexit.register(print, "atexit")
threading.Thread(target=work).start()
print("end of the main code")
