-- What every module stands on: the trace, deliveries, jobs, idempotency keys, and the functions by
-- which row-level security knows who is asking.

create schema foundation;
grant usage on schema foundation to tongban_app;

-- Who is asking, as announced by Work for one transaction. Each is called once per statement, as
-- (select foundation.kind()), and answers null or an empty list where nobody announced anything.
create function foundation.kind() returns text language sql stable parallel safe
    return nullif(current_setting('tongban.kind', true), '');
create function foundation.departments() returns text[] language sql stable parallel safe
    return coalesce(nullif(current_setting('tongban.departments', true), ''), '{}')::text[];
create function foundation.regions() returns text[] language sql stable parallel safe
    return coalesce(nullif(current_setting('tongban.regions', true), ''), '{}')::text[];
create function foundation.holders() returns text[] language sql stable parallel safe
    return coalesce(nullif(current_setting('tongban.holders', true), ''), '{}')::text[];
create function foundation.subject() returns text language sql stable parallel safe
    return nullif(current_setting('tongban.subject', true), '');

create table foundation.event (
    id          bigint generated always as identity primary key,
    topic       text        not null,
    version     int         not null,
    subject     text        not null,
    region      text        not null default '',
    department  text        not null default '',
    holder      text        not null default '',
    body        jsonb       not null,
    actor       text        not null,
    actor_name  text        not null,
    happened_at timestamptz not null,
    request     text        not null default ''
);
create index event_subject on foundation.event (subject, id);
create index event_topic on foundation.event (topic, id);
comment on table foundation.event is 'The trace: every act, by whom and when. Never changed, never deleted.';

create function foundation.refuse_change() returns trigger language plpgsql as
$$ begin raise exception '% is append-only', tg_table_name; end $$;
create trigger append_only before update or delete on foundation.event
    for each row execute function foundation.refuse_change();
create trigger append_only_truncate before truncate on foundation.event
    for each statement execute function foundation.refuse_change();

alter table foundation.event enable row level security;
alter table foundation.event force row level security;
create policy reading on foundation.event for select using (
    (select foundation.kind()) = 'system'
    or holder <> '' and holder = any ((select foundation.holders())::text[])
    or department <> '' and department = any ((select foundation.departments())::text[])
    or (select foundation.kind()) = 'officer' and region like any ((select foundation.regions())::text[])
    or subject = (select foundation.subject())
);
create policy recording on foundation.event for insert with check ((select foundation.kind()) is not null);
grant select, insert on foundation.event to tongban_app;
grant usage on sequence foundation.event_id_seq to tongban_app;

create table foundation.delivery (
    id         bigint generated always as identity primary key,
    event_id   bigint      not null references foundation.event,
    subject    text        not null,
    handler    text        not null,
    module     text        not null generated always as (split_part(handler, '.', 1)) stored,
    due_at     timestamptz not null,
    attempts   int         not null default 0,
    last_error text,
    done_at    timestamptz,
    unique (event_id, handler)
);
create index delivery_waiting on foundation.delivery (due_at, id) where done_at is null;
create index delivery_order on foundation.delivery (module, subject, id) where done_at is null;
grant select, insert, update on foundation.delivery to tongban_app;

create table foundation.job (
    id          bigint generated always as identity primary key,
    kind        text        not null,
    key         text,
    payload     jsonb       not null,
    due_at      timestamptz not null,
    lease_until timestamptz,
    attempts    int         not null default 0,
    last_error  text,
    done_at     timestamptz
);
create unique index job_key on foundation.job (kind, key) where done_at is null;
create index job_waiting on foundation.job (due_at, id) where done_at is null;
grant select, insert, update, delete on foundation.job to tongban_app;

create table foundation.idempotency (
    actor       text        not null,
    key         text        not null check (length(key) between 8 and 128),
    fingerprint text        not null,
    status      int         not null default 0,
    location    text        not null default '',
    body        text        not null default '',
    created_at  timestamptz not null,
    primary key (actor, key)
);
create index idempotency_age on foundation.idempotency (created_at);
grant select, insert, update, delete on foundation.idempotency to tongban_app;

create table foundation.heartbeat (
    worker  text        primary key,
    seen_at timestamptz not null
);
grant select, insert, update, delete on foundation.heartbeat to tongban_app;

create table foundation.seeded (
    name text        primary key,
    hash text        not null,
    at   timestamptz not null
);
grant select, insert, update on foundation.seeded to tongban_app;
