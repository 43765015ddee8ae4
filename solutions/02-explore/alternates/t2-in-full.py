# way: all that can be said about the topic, and in lower case
def declare_payments():
    return (
        "set 'auto.offset.reset' = 'earliest'; create or replace stream payments (card_holder string key, id bigint, "
        "amount double, region string, label string) with (kafka_topic='payments', key_format='kafka', "
        "value_format='delimited', value_delimiter=',', partitions=3);"
    )
