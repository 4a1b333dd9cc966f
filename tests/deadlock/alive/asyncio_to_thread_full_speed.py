import asyncio
import time


async def main():
    end = time.monotonic() + 1
    while time.monotonic() < end:
        await asyncio.to_thread(abs, -1)


asyncio.run(main())
