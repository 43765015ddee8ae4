# way: STRING for VARCHAR, FORMAT set apart
def declare_payments():
    columns = ", ".join(["card_holder STRING KEY", "id BIGINT", "amount DOUBLE", "region STRING", "label STRING"])
    return f"create stream if not exists PAYMENTS ({columns}) with (value_format='delimited', key_format='kafka', kafka_topic='payments');"
