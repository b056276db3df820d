-- Moving running instances from one version of a process to another, and back again.

create table process.migration (
    id          bigint      generated always as identity primary key,
    process     text        not null,
    source      bigint      not null references process.definition,
    target      bigint      not null references process.definition,
    nodes       jsonb       not null,
    department  text        not null,
    region      text        not null,
    reason      text        not null check (length(reason) between 1 and 2000),
    state       text        not null check (state in ('moving', 'moved', 'reverting', 'reverted')),
    after_region text       not null default '',
    after_month int         not null default 0,
    after_id    bigint      not null default 0,
    total       int         not null,
    moved       int         not null default 0,
    refused     int         not null default 0,
    reverted    int         not null default 0,
    asked_by    text        not null,
    asked_name  text        not null,
    asked_at    timestamptz not null,
    ended_at    timestamptz,
    check (source <> target)
);
comment on table process.migration is 'A migration of instances from version to version, with how far it has come (after).';
comment on column process.migration.nodes is 'Which node of the old version becomes which of the new one.';
create index migration_process on process.migration (process, id desc);
grant select, insert, update on process.migration to tongban_app;

create table process.migrated (
    migration bigint not null references process.migration,
    region    text   not null,
    month     int    not null,
    instance  bigint not null,
    problem   text,
    details   jsonb,
    before    jsonb,
    lines     int,
    reverted  boolean not null default false,
    primary key (migration, region, month, instance),
    check ((problem is null) or not reverted)
);
comment on table process.migrated is 'What a migration did with each instance: why it was not moved, or how it stood before.';
comment on column process.migrated.lines is 'How long its history was then: a longer one says that it has moved since.';
create index migrated_problem on process.migrated (migration, region, month, instance) where problem is not null;
grant select, insert, update on process.migrated to tongban_app;
alter table process.migrated enable row level security;
alter table process.migrated force row level security;
create policy known on process.migrated using ((select foundation.kind()) in ('system', 'officer'));
