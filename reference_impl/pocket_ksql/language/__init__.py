"""The language: text to syntax tree and back.

``lexer``        text to tokens
``parser``       tokens to statements (with ``query_parser``, ``expression_parser``, ``type_parser``)
``statements``   the tree's statements and queries; ``expressions`` its expressions
``formatter``    the tree to ksqlDB's canonical text
``variables``    ``${name}`` substitution
"""
