# way: COALESCE, other order of columns
def prepare_payments():
    return '''
        create stream prepared with (kafka_topic='prepared', value_format='AVRO', partitions=3) as
        select card_holder, cast(p.class as integer) as class, coalesce(p.amount, 0e0) as amount, coalesce(v1, 0e0) as v1,
               mask_keep_right(user, 2) as user, id
        from payments p where not (p.class is null) emit changes;
    '''
