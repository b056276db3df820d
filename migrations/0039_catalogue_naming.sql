-- What a search without an index looks through: each way of calling a service once, wherever it is offered,
-- and each department once. An index over the same words of a million items made every import slower.

create table catalogue.naming (
    key        bigint primary key,
    document   bigint,
    department text,
    grams      text[] not null,
    check ((document is null) <> (department is null))
);
comment on table catalogue.naming is
    'Pairs of neighbouring characters, because trigram indexes cannot find two Chinese characters.';
comment on column catalogue.naming.key is 'Of a hash of all that stands here, so that nothing stands here twice.';
comment on column catalogue.naming.document is 'Of services: see catalogue.document_of.';
create index naming_grams on catalogue.naming using gin (grams);
grant select, insert on catalogue.naming to tongban_app;

-- Until now the pairs of an item were those of its department, too; that finds too much rather than too little.
insert into catalogue.naming (key, document, grams)
select catalogue.document_of(name, parent_name), catalogue.document_of(name, parent_name), array_agg(distinct gram)
  from catalogue.item, unnest(grams) as gram
 group by 1, 2;
insert into catalogue.naming (key, department, grams)
select hashtextextended(code, 0), code, array_agg(distinct gram)
  from (select department as code, department_name as name from catalogue.item group by 1, 2) as one,
       lateral (select substr(name, i, 2) as gram from generate_series(1, greatest(1, length(name) - 1)) as i) as pair
 group by 1, 2
    on conflict do nothing;
-- squawk-ignore ban-drop-column
alter table catalogue.item drop column grams;
