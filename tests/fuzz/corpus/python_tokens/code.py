def f(a, *, b=1) -> int:
    """text
    """
    return rb"a\
" + f'{a}' if a else 0x1F ** 1.5e-3j  # note
