# way: a query a processor
def prepare_payments():
    numbers = ", ".join(["IFNULL(V%d, 0E0) AS V%d" % (n, n) for n in range(1, 29)])
    def query(factor, processor):
        return f"SELECT card_holder, id, {numbers}, IFNULL(amount * {factor}, 0E0) AS amount, CAST(class AS INT) AS class FROM raw_payments WHERE processor = '{processor}' EMIT CHANGES;"
    first = "CREATE STREAM payments WITH (kafka_topic = 'payments', value_format = 'json') AS "
    return first + query("1E0", "north") + "\nINSERT INTO payments " + query("0.01E0", "south")
