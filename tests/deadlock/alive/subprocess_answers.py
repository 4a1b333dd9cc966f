import subprocess
import threading

process = subprocess.Popen(["sh", "-c", "sleep 0.4; echo answer"], stdout=subprocess.PIPE)
read = threading.Event()


def reader():
    print(process.stdout.readline())
    read.set()


threading.Thread(target=reader).start()
read.wait()
process.wait()
