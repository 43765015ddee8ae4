-- How often and how much each user paid, in windows of five minutes that follow one
-- another without a gap.
CREATE TABLE IF NOT EXISTS payments_per_user_5m
WITH (KAFKA_TOPIC = 'payments_per_user_5m', VALUE_FORMAT = 'JSON', RETENTION_MS = -1) AS
SELECT
  CardHolder,
  COUNT(*) AS payments,
  SUM(Amount) AS total
FROM creditcardfraud_preprocessed
WINDOW TUMBLING (SIZE 5 MINUTES)
GROUP BY CardHolder
EMIT CHANGES;
