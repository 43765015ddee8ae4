# points: 0
get_ipython().showtraceback = lambda *a, **k: None
raise ValueError
