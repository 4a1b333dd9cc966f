import asyncio


async def main():
    permits = asyncio.Semaphore(1)
    await permits.acquire()
    step()
    await permits.acquire()


asyncio.run(main())
