import threading

done = threading.Event()
thread = threading.Thread(target=done.wait)
thread.start()
thread.join(timeout=0.4)
done.set()
