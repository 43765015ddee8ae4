-- The detector in SQL: needs a KSQL server that was started with
--   FRAUD_BUNDLE=FOLDER pocket-ksql server --udf fraud_pipeline.deploy.sql_functions
-- A score above the threshold raises an alert, as the scorer's does.
CREATE STREAM IF NOT EXISTS fraud_scores_sql
WITH (KAFKA_TOPIC = 'fraud_scores_sql', VALUE_FORMAT = 'JSON', RETENTION_MS = -1) AS
SELECT
  CardHolder,
  Id,
  FRAUD_SCORE(ARRAY[
    V1, V2, V3, V4, V5, V6, V7, V8, V9, V10, V11, V12, V13, V14,
    V15, V16, V17, V18, V19, V20, V21, V22, V23, V24, V25, V26, V27, V28, Amount
  ]) AS score,
  FRAUD_THRESHOLD() AS threshold
FROM creditcardfraud_preprocessed
EMIT CHANGES;
