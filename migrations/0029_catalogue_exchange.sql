-- The national exchange tables: an outbox of rows by batch, what the receiving platform holds by
-- them, and the rows that it sends back.

create table catalogue.exchange_batch (
    id      bigint      generated always as identity primary key,
    number  text        not null unique,
    made_at timestamptz not null,
    made_by text        not null,
    items   int         not null,
    rows    int         not null
);
comment on column catalogue.exchange_batch.number is 'cd_batch (批次号): the day and a running number.';
grant select, insert on catalogue.exchange_batch to tongban_app;

create table catalogue.exchange_row (
    batch        text        not null references catalogue.exchange_batch (number)
                 deferrable initially deferred,
    row_guid     uuid        not null,
    table_name   text        not null,
    cd_operation text        not null check (cd_operation in ('I', 'U', 'D')),
    cd_time      timestamptz not null,
    data_source  text        not null,
    item_code    text        not null,
    item_version int         not null,
    fields       jsonb       not null,
    primary key (batch, row_guid)
);
comment on table catalogue.exchange_row is
    'The outbox: what an integrator hands on, table by table; fields by their national names.';
create index exchange_row_guid on catalogue.exchange_row (row_guid, batch desc);
grant select, insert on catalogue.exchange_row to tongban_app;

create table catalogue.exchange_held (
    row_guid   uuid  primary key,
    table_name text  not null,
    item_code  text  not null,
    fields     jsonb not null
);
comment on table catalogue.exchange_held is 'What the receiving platform holds, as far as we know.';
comment on column catalogue.exchange_held.fields is
    'With an empty name among them where the change or the deletion was sent back: it goes again.';
create index exchange_held_item on catalogue.exchange_held (item_code);
grant select, insert, update, delete on catalogue.exchange_held to tongban_app;

create table catalogue.exchange_item (
    item_code text primary key,
    version   int  not null
);
comment on table catalogue.exchange_item is 'Up to which version each service went out; 0: again.';
grant select, insert, update on catalogue.exchange_item to tongban_app;

create table catalogue.exchange_return (
    id          bigint      generated always as identity primary key,
    row_guid    text        not null,
    field       text        not null default '',
    reason      text        not null,
    returned_at timestamptz not null default now()
);
comment on table catalogue.exchange_return is
    'Rows sent back, as an integrator writes them here; they are taken from here into the inbox.';
grant select, insert, delete on catalogue.exchange_return to tongban_app;

create table catalogue.exchange_refusal (
    id            bigint      generated always as identity primary key,
    row_guid      uuid        not null,
    batch         text        not null,
    table_name    text        not null,
    cd_operation  text        not null,
    item_code     text        not null,
    item_version  int         not null,
    item_name     text        not null,
    department    text        not null,
    region        text        not null,
    field         text        not null,
    reason        text        not null,
    received_at   timestamptz not null,
    settled_batch text        not null default '',
    unique (row_guid, batch, field, reason)
);
comment on table catalogue.exchange_refusal is
    'The inbox of the departments: open until the service has gone out again.';
create index exchange_refusal_open on catalogue.exchange_refusal (department, received_at desc)
    where settled_batch = '';
create index exchange_refusal_item on catalogue.exchange_refusal (item_code)
    where settled_batch = '';
grant select, insert, update on catalogue.exchange_refusal to tongban_app;
