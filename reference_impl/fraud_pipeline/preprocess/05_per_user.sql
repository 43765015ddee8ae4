-- Each payment with what is known of its user. LEFT: a payment of an unknown user
-- stays, without region and gender.
CREATE STREAM IF NOT EXISTS creditcardfraud_per_user
WITH (KAFKA_TOPIC = 'creditcardfraud_per_user',
  VALUE_FORMAT = 'JSON', RETENTION_MS = -1) AS
SELECT
  p.CardHolder AS CardHolder,
  p.Id AS Id,
  p.Time AS Time,
  p.Amount AS Amount,
  p.Class AS Class,
  u.gender AS gender,
  u.regionid AS regionid
FROM creditcardfraud_preprocessed p
LEFT JOIN users u ON p.CardHolder = u.userid
EMIT CHANGES;
