"""State and time: what a query remembers between records. One module an operator.

``store``      keyed state and its changelog
``aggregate``  GROUP BY over all time
``windows``    GROUP BY in windows and sessions, which are forgotten when nobody can reach them any more
``stream_join`` ``table_join``  joins
"""
