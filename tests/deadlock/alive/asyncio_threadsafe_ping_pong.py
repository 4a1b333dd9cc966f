import asyncio
import threading
import time


async def answer():
    return 42


def ask(loop, future):
    end = time.monotonic() + 1
    while time.monotonic() < end:
        asyncio.run_coroutine_threadsafe(answer(), loop).result()
    loop.call_soon_threadsafe(future.set_result, None)


async def main():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    threading.Thread(target=ask, args=(loop, future)).start()
    await future


asyncio.run(main())
