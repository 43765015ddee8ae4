"""ksqlDB's REST API: requests in, JSON out.

==============  ==========================================================================
`app`           the endpoints
`statements`    ``POST /ksql``: a script is carried out, each statement answers with an entity
`listing`       the entities of SHOW and LIST
`describing`    the entities of DESCRIBE and EXPLAIN
`functions`     the entities of SHOW FUNCTIONS and DESCRIBE FUNCTION
`properties`    the properties that SHOW PROPERTIES lists and SET takes
`queries`       ``POST /query`` and ``/query-stream``: rows as they come
`rows`          the three layouts of a query's answer
`buffer`        rows on their way from a query's thread to a client, bounded
`printing`      PRINT: what is in a topic
`inserts`       ``POST /inserts-stream``
`errors`        refusals in ksqlDB's JSON
`serving`       Hypercorn on loopback: HTTP/1.1 and cleartext HTTP/2
==============  ==========================================================================
"""
