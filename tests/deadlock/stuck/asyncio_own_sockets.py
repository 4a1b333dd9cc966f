import asyncio
import socket


async def main():
    loop = asyncio.get_running_loop()
    ends = socket.socketpair()
    for end in ends:
        end.setblocking(False)
    step()
    await asyncio.gather(*(loop.sock_recv(end, 1) for end in ends))


asyncio.run(main())
