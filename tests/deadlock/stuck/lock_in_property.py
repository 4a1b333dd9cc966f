import threading


class Room:
    def __init__(self):
        self._lock = threading.Lock()

    @property
    def light(self):
        with self._lock:
            return 1

    def describe(self):
        with self._lock:
            step()
            return f"light {self.light}"


print(Room().describe())
