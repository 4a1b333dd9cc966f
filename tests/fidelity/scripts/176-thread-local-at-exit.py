# Pins: thread-local values die with their thread, and main's at shutdown.
import threading

local = threading.local()


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)


def work():
    local.value = Noisy("of the thread")
    print("thread", sorted(vars(local)))


thread = threading.Thread(target=work)
thread.start()
thread.join()
local.value = Noisy("of main")
print("end")
