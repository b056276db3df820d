-- Services under no theme, or none but "other", are few among many: the list of them is read along this index,
-- which holds what decides whose they are. The names of "other" are those of tongban.catalogue.model.bulk.OTHER.

create index item_bare on catalogue.item (code) include (department, region)
    where status <> 'cancelled' and themes <@ '{其他,其它}'::text[];
