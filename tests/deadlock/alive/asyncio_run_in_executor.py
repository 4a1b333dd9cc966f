import asyncio
import time


async def main():
    loop = asyncio.get_running_loop()
    await asyncio.gather(*(loop.run_in_executor(None, time.sleep, 0.4) for _ in range(3)))


asyncio.run(main())
