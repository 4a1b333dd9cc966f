import threading
import time

threading.Thread(target=time.sleep, args=(0.4,)).start()
