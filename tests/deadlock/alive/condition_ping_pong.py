import threading
import time

condition = threading.Condition()
turn, end = 0, time.monotonic() + 1


def play(me):
    global turn
    while time.monotonic() < end:
        with condition:
            condition.wait_for(lambda: turn == me or time.monotonic() >= end)
            turn = 1 - me
            condition.notify()


players = [threading.Thread(target=play, args=(i,)) for i in range(2)]
for player in players:
    player.start()
for player in players:
    player.join()
