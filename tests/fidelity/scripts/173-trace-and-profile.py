# Pins: sys.settrace and sys.setprofile see the script's functions only.
import sys

events = []


def tracer(frame, event, argument):
    events.append((event, frame.f_code.co_name, frame.f_lineno))
    return tracer


def traced(x):
    y = x + 1
    return y


sys.settrace(tracer)
traced(1)
sys.settrace(None)
print(events)
events.clear()
sys.setprofile(lambda frame, event, argument: events.append((event, frame.f_code.co_name)))
traced(2)
len("")
1 + 1
sys.setprofile(None)
print(events)
