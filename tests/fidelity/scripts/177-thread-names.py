# Pins: names and identities of threads, native ids, main_thread, local stack size.
import os
import threading

main = threading.main_thread()
print(main.name, main is threading.current_thread(), main.daemon, threading.active_count())
print(main.native_id == os.getpid(), main.ident == threading.get_ident())
threads = [threading.Thread(target=lambda: None) for _ in range(2)]
print([thread.name for thread in threads], threading.stack_size())
print(threading.Thread(target=print).name, repr(main).split(",")[0])
