"""The built-in functions, one module a family; whatever module is in this folder belongs to them.

``strings`` ``masks`` ``regular_expressions`` ``binary`` ``json`` ``url``  scalar functions on text and bytes
``numbers`` ``rounding`` ``angles`` ``dates`` ``collections`` ``lambdas`` ``nulls``  scalar functions on the rest
``aggregates`` ``collecting`` ``statistics``  aggregate functions
``tables``                                    table functions
"""
