"""State and time: what a query remembers between records. One module an operator.

``store``      keyed state and its changelog
``aggregate``  GROUP BY, over all time, in windows, in sessions
``stream_join`` ``table_join``  joins
"""
