import asyncio
import os
import socket
import time


async def main():
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    if os.fork() == 0:
        time.sleep(0.4)
        theirs.send(b"x")
        os._exit(0)
    print(await asyncio.get_running_loop().sock_recv(ours, 1))


asyncio.run(main())
