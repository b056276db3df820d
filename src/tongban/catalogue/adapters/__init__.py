"""How service guides come in from others: the exchange shape and its translation to an Item."""
