"""The one family of errors that the pipeline raises for its users.

PipelineError
├── SourceError               transactions   a source of payments cannot be read
│   └── HeaderError           transactions   its header does not name the columns of a payment
├── IngestError               ingest         payments cannot be written to Kafka
├── ConnectError              ingest         Kafka Connect refuses or fails
├── KsqlError                 preprocess     the KSQL server does not do what it was asked to do
├── PrepareError              prepare        a topic does not hold what training needs
├── TrainError                train          there is not enough to train on
├── BundleError               train          what is on disk is no bundle that can be loaded
├── ReadError                 deploy         the scorer cannot read
├── DeliveryError             deploy         the scorer cannot write
├── RegistryUnreachableError  registry       no Schema Registry answers
├── TopicReadError            snapshot       a topic cannot be read to its end
│   └── NoSuchTopicError      snapshot       it does not exist
└── MonitorError              monitor        something that is to be monitored cannot be read
"""


class PipelineError(Exception):
    """A stage cannot do its work; the message says why, and what to do."""
