import subprocess
import threading

subprocess.run(["true"])
step()
threading.Event().wait()
