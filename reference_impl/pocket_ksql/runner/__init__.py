"""The engine joined to Kafka: records are fetched, ordered, processed, produced and committed.

================  ==============================================================================
`topics`          the topics of the cluster, as the engine asks for them
`commands`        the command topic: every statement that changed something, to be repeated at start
`shares`          which of the servers of one service id runs which query
`messages`        what a consumer gives, as records and events
`ordering`        records of several partitions merged by time
`source`          fetching: from a committed offset, the beginning or the end; to an end or for ever
`state`           state stores kept in compacted changelog topics
`processing_log`  records that could not be used, with the reason
`persistent`      a thread that runs one persistent query
`transient`       a thread that runs one push query, or scans a stream
`owned`           the persistent queries that run on this server
`follower`        what goes on beside the requests: commands of other servers
`service`         all of it together: statements in, running queries out
================  ==============================================================================
"""
