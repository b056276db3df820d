-- The exchange keeps a mark of what is to go out, takes the entries of the directory along, and
-- holds back what the national tables would not take.

-- The version that holds now stands beside the one that went out, so that what is due is found by
-- an index: on a day without changes that costs nothing, however long the catalogue is.
alter table catalogue.exchange_item
    add column list text not null default 'item' check (list in ('item', 'directory')),
    add column due  int  not null default 0;
-- Only the exchange itself uses this table so far, and it is short until the next statement.
-- squawk-ignore ban-drop-constraint
alter table catalogue.exchange_item drop constraint exchange_item_pkey;
-- squawk-ignore constraint-missing-not-valid, adding-serial-primary-key-field
alter table catalogue.exchange_item add primary key (list, item_code);
insert into catalogue.exchange_item (list, item_code, version, due)
select 'item', code, 0, version from catalogue.item
union all
select 'directory', code, 0, version from catalogue.entry where list = 'directory'
on conflict (list, item_code) do update set due = excluded.due;
create index exchange_item_due on catalogue.exchange_item (list, item_code) where due <> version;
comment on table catalogue.exchange_item is
    'Up to which version each service and each entry of the directory went out; 0: again.';
comment on column catalogue.exchange_item.due is
    'The version that holds now: whoever publishes one writes it here.';

alter table catalogue.exchange_batch add column held_back int not null default 0;
comment on column catalogue.exchange_batch.held_back is
    'Of the services and entries, those of which rows were held back.';

create table catalogue.exchange_flaw (
    list       text        not null check (list in ('item', 'directory')),
    item_code  text        not null,
    version    int         not null,
    name       text        not null,
    department text        not null,
    region     text collate "C" not null,
    whole      boolean     not null,
    flaws      jsonb       not null,
    found_at   timestamptz not null,
    primary key (list, item_code)
);
comment on table catalogue.exchange_flaw is
    'The worklist of what was held back: what the national tables demand and the rows do not have.';
comment on column catalogue.exchange_flaw.whole is
    'Whether the other rows went out; if not, what the platform holds stays as it is.';
create index exchange_flaw_region on catalogue.exchange_flaw (region, list, item_code);
create index exchange_flaw_department
    on catalogue.exchange_flaw (department, region, list, item_code);
grant select, insert, update, delete on catalogue.exchange_flaw to tongban_app;

-- One index for those who look after a department, one for those who look after a region. In the
-- order of places both end after one page, however much is open elsewhere.
-- The rows that came back and are open are few.
-- squawk-ignore require-concurrent-index-deletion
drop index catalogue.exchange_refusal_open;
create index exchange_refusal_department
    on catalogue.exchange_refusal (department, (region collate "C"), item_code, id)
    where settled_batch = '';
create index exchange_refusal_region
    on catalogue.exchange_refusal ((region collate "C"), item_code, id) where settled_batch = '';
