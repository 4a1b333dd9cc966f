import os
import threading
import time

os.mkfifo("fifo")


def write():
    time.sleep(0.4)
    with open("fifo", "w") as file:
        file.write("late")


threading.Thread(target=write).start()
with open("fifo") as file:
    print(file.read())
