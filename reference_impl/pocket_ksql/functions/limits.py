"""How large a value may become that a function makes out of nothing."""

MOST_ITEMS = 10_000_000
"""Items of an array, or characters of a text: more fit in no Kafka record, and take the memory of other queries."""
