"""The command line: one module a group of sub-commands, none of which computes anything itself.

``main``     the command put together      ``stack``   up, down, status, reset
``demo``     demo, bench                   ``data``    topics, tail
``doctor``   doctor                        ``console`` colours, tables, JSON, errors
"""
