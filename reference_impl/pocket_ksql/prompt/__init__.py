"""The prompt: statements typed, piped or in a file, sent to any ksqlDB server; answers as aligned tables.

==============  ==========================================================================
`client`        ksqlDB's REST API as the prompt needs it
`splitting`     where one statement ends and the next begins, also in a text that is not finished
`session`       carries statements out; keeps what SET and DEFINE said
`entities`      the server's answers as tables and lines
`rows`          the rows of queries, as they come
`places`        errors with the place in the text that they are about
`completion`    words for the Tab key: keywords, sources, columns, functions
`terminal`      the line editor: history, several lines
==============  ==========================================================================
"""
