# Pins: a child that the script never waits for: no word while it still runs at exit.
import subprocess

process = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
print("started", process.poll())
process.stdin.close()
process.wait()
waiting = subprocess.Popen(["true"])
waiting.wait()
print(waiting.returncode)
