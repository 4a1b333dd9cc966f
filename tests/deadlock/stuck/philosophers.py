import threading

forks = [threading.Lock() for _ in range(5)]
seated = threading.Barrier(5)


class Philosopher(threading.Thread):
    def __init__(self, seat):
        super().__init__()
        self.left, self.right = forks[seat], forks[(seat + 1) % 5]

    def run(self):
        with self.left:
            seated.wait()
            step()
            with self.right:
                pass


table = [Philosopher(seat) for seat in range(5)]
for philosopher in table:
    philosopher.start()
for philosopher in table:
    philosopher.join()
