import asyncio


async def main():
    loop = asyncio.get_running_loop()
    await asyncio.gather(*(loop.run_in_executor(None, sum, range(9)) for _ in range(4)))
    step()
    await loop.create_future()


asyncio.run(main())
