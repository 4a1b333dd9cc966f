import asyncio


async def take(one, other):
    async with one:
        await asyncio.sleep(0.01)
        step()
        async with other:
            pass


async def main():
    a, b = asyncio.Lock(), asyncio.Lock()
    await asyncio.gather(take(a, b), take(b, a))


asyncio.run(main())
