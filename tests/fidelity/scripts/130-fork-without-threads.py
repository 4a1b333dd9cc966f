# Pins: os.fork in a script without threads warns nobody: no hidden thread is there.
import os
import warnings

warnings.simplefilter("error")
child = os.fork()
if child == 0:
    os._exit(3)
print(os.WEXITSTATUS(os.waitpid(child, 0)[1]))
print(len(os.listdir("/proc/self/task")))
