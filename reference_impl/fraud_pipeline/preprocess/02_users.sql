-- The card holders. A table: the last record of a user is what holds.
CREATE TABLE IF NOT EXISTS users (
  userid VARCHAR PRIMARY KEY,
  gender VARCHAR,
  regionid VARCHAR
) WITH (KAFKA_TOPIC = 'users', VALUE_FORMAT = 'JSON', PARTITIONS = 3);
