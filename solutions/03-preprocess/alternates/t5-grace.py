# way: with a grace period and a short name
def trips():
    return '''
        create table TRIPS with (kafka_topic = 'shopping', value_format = 'json') as
        select p.card_holder as card_holder, count(*) as payments, sum(p.amount) as total, max(p.amount) as largest
        from prepared p window session (30 minutes, grace period 1 day) group by p.card_holder emit changes;
    '''
