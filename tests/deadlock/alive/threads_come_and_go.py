import threading
import time

end = time.monotonic() + 1
while time.monotonic() < end:
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()
