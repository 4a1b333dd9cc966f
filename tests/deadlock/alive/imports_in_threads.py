import threading

names = ["decimal", "fractions", "statistics", "xml.dom.minidom", "email.message", "http.client"]
threads = [threading.Thread(target=__import__, args=(name,)) for name in names * 3]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
