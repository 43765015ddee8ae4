-- What the model reads: the text of the time dropped, the user masked, missing numbers
-- filled with 0 (which is the mean of every V column), the label cast to a number; only
-- payments whose label is known.
-- The key stays, and so does the partition: all payments of a user in their order.
-- RETENTION_MS = -1 keeps records for ever. A broker counts from the time in the
-- record, and that is the payment's: by the usual seven days, payments of 2013 would be
-- deleted within minutes.
CREATE STREAM IF NOT EXISTS creditcardfraud_preprocessed
WITH (KAFKA_TOPIC = 'creditcardfraud_preprocessed',
  VALUE_FORMAT = 'AVRO', RETENTION_MS = -1) AS
SELECT
  CardHolder,
  Id,
  MASK_KEEP_RIGHT(User, 2) AS User,
  Time,
  IFNULL(V1, 0E0) AS V1, IFNULL(V2, 0E0) AS V2, IFNULL(V3, 0E0) AS V3,
  IFNULL(V4, 0E0) AS V4, IFNULL(V5, 0E0) AS V5, IFNULL(V6, 0E0) AS V6,
  IFNULL(V7, 0E0) AS V7, IFNULL(V8, 0E0) AS V8, IFNULL(V9, 0E0) AS V9,
  IFNULL(V10, 0E0) AS V10, IFNULL(V11, 0E0) AS V11, IFNULL(V12, 0E0) AS V12,
  IFNULL(V13, 0E0) AS V13, IFNULL(V14, 0E0) AS V14, IFNULL(V15, 0E0) AS V15,
  IFNULL(V16, 0E0) AS V16, IFNULL(V17, 0E0) AS V17, IFNULL(V18, 0E0) AS V18,
  IFNULL(V19, 0E0) AS V19, IFNULL(V20, 0E0) AS V20, IFNULL(V21, 0E0) AS V21,
  IFNULL(V22, 0E0) AS V22, IFNULL(V23, 0E0) AS V23, IFNULL(V24, 0E0) AS V24,
  IFNULL(V25, 0E0) AS V25, IFNULL(V26, 0E0) AS V26, IFNULL(V27, 0E0) AS V27,
  IFNULL(V28, 0E0) AS V28,
  IFNULL(Amount, 0E0) AS Amount,
  CAST(Class AS INT) AS Class
FROM creditcardfraud_source
WHERE Class IS NOT NULL
EMIT CHANGES;
