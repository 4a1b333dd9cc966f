import threading


def wait_for_main():
    step()
    threading.main_thread().join()


thread = threading.Thread(target=wait_for_main)
thread.start()
thread.join()
