# mistake: leaves the path relative
# points: 1.6 of 2
# message: in Connect's folder the file would not be found
from pathlib import Path


def file_source_config(file: str | Path, topic: str) -> dict[str, str]:
    """The configuration of a connector that sends the lines of ``file`` to ``topic``."""
    return {
        "connector.class": "org.apache.kafka.connect.file.FileStreamSourceConnector",
        "tasks.max": "1",
        "file": str(file),
        "topic": topic,
        "key.converter": "org.apache.kafka.connect.storage.StringConverter",
        "value.converter": "org.apache.kafka.connect.storage.StringConverter",
    }
