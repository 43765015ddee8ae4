"""CREATE, INSERT INTO … SELECT, ALTER and DROP: from statement to metastore, topics and persistent queries.

``declared``  CREATE STREAM and CREATE TABLE over a topic
``selected``  CREATE … AS SELECT and INSERT INTO … SELECT
``changed``   ALTER and DROP
``base``      what they share
"""

from __future__ import annotations

from pocket_ksql.definitions.changed import Changed
from pocket_ksql.definitions.declared import Declared
from pocket_ksql.definitions.selected import Selected

__all__ = ["Changed", "Declared", "Selected"]
