# Pins: an object that __del__ brings back to life is finalised once only.
saved = []


class Phoenix:
    def __del__(self):
        print("del, saved before:", len(saved))
        saved.append(self)


Phoenix()
print("saved:", len(saved))
saved.clear()
print("cleared:", len(saved))
at_exit = Phoenix()
