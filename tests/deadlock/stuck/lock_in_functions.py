import threading

ledger = threading.Lock()


def audit():
    step()
    with ledger:
        return "audited"


def deposit():
    with ledger:
        return audit()


deposit()
