# way: with os.path, built up step by step
import os


def file_source_config(file, topic):
    config = {"tasks.max": str(1), "topic": topic, "file": os.path.abspath(file)}
    config["connector.class"] = "org.apache.kafka.connect.file.FileStreamSourceConnector"
    for side in ("key", "value"):
        config[f"{side}.converter"] = "org.apache.kafka.connect.storage.StringConverter"
    return config
