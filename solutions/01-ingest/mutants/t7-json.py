# mistake: leaves the value converter at JSON
# points: 1.2 of 2
# message: Both converters are StringConverter
from pathlib import Path


def file_source_config(file: str | Path, topic: str) -> dict[str, str]:
    """The configuration of a connector that sends the lines of ``file`` to ``topic``."""
    return {
        "connector.class": "org.apache.kafka.connect.file.FileStreamSourceConnector",
        "tasks.max": "1",
        "file": str(Path(file).resolve()),
        "topic": topic,
        "key.converter": "org.apache.kafka.connect.storage.StringConverter",
    }
