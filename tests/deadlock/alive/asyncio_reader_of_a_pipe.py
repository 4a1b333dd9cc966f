import asyncio
import os
import time


async def main():
    reading, writing = os.pipe()
    if os.fork() == 0:
        time.sleep(0.4)
        os.write(writing, b"x")
        os._exit(0)
    came = asyncio.Event()
    asyncio.get_running_loop().add_reader(reading, came.set)
    await came.wait()


asyncio.run(main())
