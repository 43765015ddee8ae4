-- Shopping trips: payments of a user with less than half an hour from one to the next.
CREATE TABLE IF NOT EXISTS payment_sessions
WITH (KAFKA_TOPIC = 'payment_sessions', VALUE_FORMAT = 'JSON', RETENTION_MS = -1) AS
SELECT
  CardHolder,
  COUNT(*) AS payments,
  SUM(Amount) AS total
FROM creditcardfraud_preprocessed
WINDOW SESSION (30 MINUTES)
GROUP BY CardHolder
EMIT CHANGES;
