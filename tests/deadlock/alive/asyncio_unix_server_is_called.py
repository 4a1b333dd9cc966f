import asyncio
import socket
import threading
import time


def call():
    time.sleep(0.4)
    caller = socket.socket(socket.AF_UNIX)
    caller.connect("door")


async def main():
    called = asyncio.Event()
    await asyncio.start_unix_server(lambda *both: called.set(), "door")
    threading.Thread(target=call).start()
    await called.wait()


asyncio.run(main())
