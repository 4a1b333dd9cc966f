# Pins: walrus, global, nonlocal, del, comprehension scopes, class scopes, exec.
total = 0


def count():
    global total, created
    total += 1
    created = "made by count"

    def inner():
        nonlocal local
        local += 1

    local = 10
    inner()
    return local


print(count(), total, created)
if (n := len("walrus")) > 3:
    print(n, [last := x for x in range(3)], last)
x = "module"


class Scope:
    x = "class"
    seen = [x for _ in range(1)]
    also = (lambda: x)()

    def method(self):
        return x


print(Scope.seen, Scope.also, Scope().method())
exec("made = x * 2")
print(made)
try:
    print(error)
except NameError as error:
    print(error)
try:
    error
except NameError as again:
    print(again)


def unbound():
    print(x)
    x = 1


unbound()
