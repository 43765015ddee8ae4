# mistake: forgets the second source
# points: 1.6 of 4
# message: 300 cents are 3.0
def merge_payments():
    return '''
        CREATE STREAM all_payments WITH (KAFKA_TOPIC = 'all_payments', VALUE_FORMAT = 'JSON') AS
        SELECT card_holder, id, amount, 'shop' AS channel FROM shop EMIT CHANGES;
    '''
