-- What was imported into the catalogue: the file while it waits, what would change, what became of
-- it, which versions it made (so that it can be undone), and the lines that were rejected.

create table catalogue.import (
    id            bigint      generated always as identity primary key,
    file          text        not null,
    format        text        not null,
    mapping       text        not null default '',
    content       bytea,
    state         text        not null
        check (state in ('checking', 'checked', 'running', 'done', 'failed', 'undone')),
    preview       jsonb,
    problem       text        not null default '',
    entries       int         not null default 0,
    read          int         not null default 0,
    accepted      int         not null default 0,
    unchanged     int         not null default 0,
    rejected      int         not null default 0,
    doubts        jsonb       not null default '{}',
    started_by    text        not null,
    started_name  text        not null,
    started_at    timestamptz not null,
    grants        jsonb       not null default '[]',
    finished_at   timestamptz,
    undone_by     text        not null default '',
    undone_name   text        not null default '',
    undone_at     timestamptz,
    left_alone    int         not null default 0
);
comment on column catalogue.import.content is 'An uploaded file, kept until it has been taken over.';
comment on column catalogue.import.grants is
    'Where the officer may import (department, region), with whose rights the worker goes on.';
comment on column catalogue.import.left_alone is
    'After undoing: services that others had changed since, which stay as they are.';
grant select, insert, update on catalogue.import to tongban_app;

create table catalogue.import_change (
    import    bigint not null references catalogue.import,
    item_code text   not null,
    version   int    not null,
    primary key (import, item_code)
);
comment on table catalogue.import_change is 'The versions that an import made.';
grant select, insert on catalogue.import_change to tongban_app;

create table catalogue.import_reject (
    import bigint not null references catalogue.import,
    line   int    not null,
    told   jsonb  not null,
    primary key (import, line)
);
comment on table catalogue.import_reject is 'Rejected lines, the first thousand: field, rule, reason, record.';
grant select, insert on catalogue.import_reject to tongban_app;
