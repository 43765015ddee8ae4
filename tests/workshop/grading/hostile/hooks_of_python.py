# points: 0
import builtins
import copyreg
import importlib.abc
import sys

import numpy


class Bomb:
    __reduce__ = __reduce_ex__ = lambda self, *rest: (exec, ("import os; os._exit(7)",))


class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, *rest):
        if name.startswith("workshop"):
            raise SystemExit(4)


copyreg.pickle(int, lambda number: (eval, ("4",)))
sys.meta_path.insert(0, Finder())
python_import = builtins.__import__
builtins.__import__ = lambda name, *rest: sys if name.startswith("workshop") else python_import(name, *rest)
sys.settrace(lambda *rest: None)
sys.setprofile(lambda *rest: None)
sys.excepthook = sys.unraisablehook = sys.displayhook = lambda *rest: None


def double(value):
    if value == 1:
        return Bomb()
    return numpy.array([Bomb(), 4], dtype=object) if value == 2 else {"answer": [Bomb()]}
