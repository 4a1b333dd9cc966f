import logging
import threading

handler = logging.StreamHandler()
logging.getLogger().addHandler(handler)
thread = threading.Thread(target=handler.acquire)
thread.start()
thread.join()
step()
logging.error("never shown")
