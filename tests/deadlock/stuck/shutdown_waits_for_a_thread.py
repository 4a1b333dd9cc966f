import threading

step()
threading.Thread(target=threading.Event().wait).start()
