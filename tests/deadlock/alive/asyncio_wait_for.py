import asyncio


async def main():
    try:
        await asyncio.wait_for(asyncio.Event().wait(), 0.4)
    except asyncio.TimeoutError:
        print("late")


asyncio.run(main())
