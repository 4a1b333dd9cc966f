# ends: exits 1
import faulthandler
import threading

faulthandler.dump_traceback_later(0.4, exit=True, file=open("stacks", "w"))
threading.Event().wait()
