import asyncio


async def main():
    step()
    await asyncio.get_running_loop().create_future()


asyncio.run(main())
