import asyncio


async def main():
    step()
    await asyncio.Event().wait()


asyncio.run(main())
