import asyncio
import os
import socket
import time


async def main():
    called = asyncio.Event()
    server = await asyncio.start_server(lambda *both: called.set(), "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    if os.fork() == 0:
        time.sleep(0.4)
        socket.create_connection(address)
        os._exit(0)
    await called.wait()


asyncio.run(main())
