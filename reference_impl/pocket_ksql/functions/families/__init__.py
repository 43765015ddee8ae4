"""The built-in functions, one module a family; whatever module is in this folder belongs to them.

``strings`` ``numbers`` ``nulls`` ``dates`` ``collections`` ``lambdas`` ``json`` ``url`` ``binary``  scalar functions
``aggregates`` ``collecting`` ``statistics``  aggregate functions
``tables``                                    table functions
"""
