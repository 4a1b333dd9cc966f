import time

time.sleep(0.4)
