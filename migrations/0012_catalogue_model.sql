-- The enlarged catalogue: what an item implements, exercises and inherits; fees; and the lists beside
-- the services (directory, powers, duties, negative list, intermediary services, standard materials).

alter table catalogue.item
    add column base_code          text   not null default '',
    add column power              text   not null default '',
    add column main_item          text   not null default '',
    add column action             text   not null default '',
    add column inherits           text   not null default '',
    add column lists              text[] not null default '{}',
    add column standard_materials text[] not null default '{}';
comment on column catalogue.item.base_code is 'The entry of the directory (基本目录) that it implements.';
comment on column catalogue.item.main_item is 'Of a handling item (业务办理项): the item that it belongs to.';
comment on column catalogue.item.lists is 'Lists derived by rule: at_once, online, one_visit, nearby, across_provinces.';
comment on column catalogue.item.standard_materials is 'Codes of the standard materials to which its materials are bound.';
create index item_base_code on catalogue.item (base_code, region, code) where base_code <> '';
create index item_power on catalogue.item (power, code) where power <> '';
create index item_main_item on catalogue.item (main_item, code) where main_item <> '';
create index item_inherits on catalogue.item (inherits, code) where inherits <> '';
create index item_lists on catalogue.item using gin (lists);
create index item_standard_materials on catalogue.item using gin (standard_materials);

-- What was published before there were derived lists stands on them by the same rules.
update catalogue.item i
   set lists = array_remove(array[
           case when i.handling = 'instant' then 'at_once' end,
           case when i.online_apply and i.visits = 0 then 'online' end,
           case when i.visits <= 1 then 'one_visit' end,
           case when v.content ->> 'cross_region_scope' ~ '全国|跨省' then 'across_provinces' end
       ], null)
  from catalogue.item_version v
 where v.item_code = i.code and v.version = i.version;

alter table catalogue.item_version
    add column inherits         text not null default '',
    add column inherits_version int  not null default 0,
    add column change_note      text not null default '';
comment on column catalogue.item_version.content is
    'All that is said; where it inherits, only what differs from that version of the item above.';
comment on column catalogue.item_version.change_note is 'What changed, in plain words, for the change log of the guide.';

create table catalogue.fee (
    item_code   text   not null references catalogue.item,
    place       int    not null check (place > 0),
    name        text   not null,
    standard    text   not null,
    amount      bigint check (amount >= 0),
    basis       text   not null,
    remission   text   not null,
    department  text   not null,
    region      text   not null,
    primary key (item_code, place)
);
comment on table catalogue.fee is 'The fees of the present versions of the items, for the list of fees.';
comment on column catalogue.fee.amount is 'In cents; null where it is not fixed.';
create index fee_region on catalogue.fee (region, name, item_code, place);
grant select, insert, update, delete on catalogue.fee to tongban_app;

create table catalogue.entry (
    list            text        not null check (list in
                    ('directory', 'power', 'duty', 'negative', 'intermediary', 'material')),
    code            text        not null check (length(code) between 1 and 100),
    version         int         not null check (version > 0),
    content_hash    bytea       not null,
    name            text        not null check (length(name) between 1 and 1000),
    kind            text        not null,
    department      text        not null,
    department_name text        not null,
    region          text        not null,
    refers          text[]      not null,
    status          text        not null check (status in ('published', 'suspended', 'cancelled')),
    words           text[]      not null,
    grams           text[]      not null,
    content         json        not null,
    published_at    timestamptz not null,
    primary key (list, code)
);
comment on table catalogue.entry is 'The present version of every entry of the lists beside the services.';
comment on column catalogue.entry.refers is 'Codes of what it belongs to: a duty to its power, a sub-item to its main item.';
create index entry_name on catalogue.entry (list, name, code);
create index entry_department on catalogue.entry (list, department, name, code);
create index entry_refers on catalogue.entry using gin (refers);
create index entry_words on catalogue.entry using gin (words);
create index entry_grams on catalogue.entry using gin (grams);
grant select, insert, update on catalogue.entry to tongban_app;

create table catalogue.entry_version (
    list           text        not null,
    code           text        not null,
    version        int         not null,
    content        json        not null,
    content_hash   bytea       not null,
    effective_from date        not null,
    published_at   timestamptz not null,
    published_by   text        not null,
    change_note    text        not null,
    primary key (list, code, version),
    foreign key (list, code) references catalogue.entry
);
comment on table catalogue.entry_version is 'Versions are published, never changed.';
create trigger append_only before update or delete on catalogue.entry_version
    for each row execute function foundation.refuse_change();
create trigger append_only_truncate before truncate on catalogue.entry_version
    for each statement execute function foundation.refuse_change();
grant select, insert on catalogue.entry_version to tongban_app;
