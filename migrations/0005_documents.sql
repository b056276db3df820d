-- Files: what people hand in and what departments issue. The bytes lie here too, so that a file and
-- the act it belongs to commit together, and one backup holds both.

create schema documents;
grant usage on schema documents to tongban_app;

create function documents.actor() returns text language sql stable parallel safe
    return nullif(current_setting('tongban.actor', true), '');

-- The same bytes are kept once, however often they are handed in.
create table documents.content (
    sha256 bytea primary key check (length(sha256) = 32),
    bytes  bytea not null check (length(bytes) > 0)
);
-- Uploads are compressed already; trying again would only cost time.
alter table documents.content alter column bytes set storage external;

create table documents.file (
    id           uuid        primary key,
    sha256       bytea       not null references documents.content,
    name         text        not null check (length(name) between 1 and 200),
    media_type   text        not null,
    size         bigint      not null check (size > 0),
    kind         text        not null check (kind in ('upload', 'result', 'notice')),
    title        text        not null default '',
    template     text        not null default '',
    number       text        not null default '',
    holder       text        not null default '',
    department   text        not null default '',
    region       text        not null default '',
    case_number  text        not null default '',
    draft        text        not null default '',
    unused_since timestamptz,
    created_at   timestamptz not null,
    created_by   text        not null,
    check ((unused_since is null) = (case_number <> '' or draft <> '')),
    check ((kind = 'notice') = (number <> ''))
);
comment on column documents.file.unused_since is 'Since when neither a case nor a draft needs the file; it is forgotten some days later.';
create index file_sha256 on documents.file (sha256);
create index file_case on documents.file (case_number, created_at) where case_number <> '';
create index file_draft on documents.file (draft) where draft <> '';
create index file_unused on documents.file (unused_since) where unused_since is not null;
create unique index file_number on documents.file (department, number) where number <> '';

alter table documents.file enable row level security;
alter table documents.file force row level security;
create policy reading on documents.file for select using (
    (select foundation.kind()) = 'system'
    or holder <> '' and holder = any ((select foundation.holders())::text[])
    or department <> '' and department = any ((select foundation.departments())::text[])
    or (select foundation.kind()) = 'officer' and region <> '' and region like any ((select foundation.regions())::text[])
    -- What an officer has just taken in belongs to no department until it is attached to a case.
    or (select foundation.kind()) = 'officer' and case_number = '' and created_by = (select documents.actor())
    -- Whoever follows a case by its query code sees what was issued in it, but nobody's own papers.
    or kind = 'notice' and case_number = (select foundation.subject())
);
create policy adding on documents.file for insert with check (
    (select foundation.kind()) = 'system'
    or holder <> '' and holder = any ((select foundation.holders())::text[])
    or (select foundation.kind()) = 'officer' and created_by = (select documents.actor())
       and (department = '' or department = any ((select foundation.departments())::text[])
            or region like any ((select foundation.regions())::text[]))
);
create policy attaching on documents.file for update using (
    (select foundation.kind()) = 'system'
    or holder <> '' and holder = any ((select foundation.holders())::text[])
    or department <> '' and department = any ((select foundation.departments())::text[])
    or (select foundation.kind()) = 'officer' and region <> '' and region like any ((select foundation.regions())::text[])
    or (select foundation.kind()) = 'officer' and case_number = '' and created_by = (select documents.actor())
);
create policy forgetting on documents.file for delete using ((select foundation.kind()) = 'system');
grant select, insert, update, delete on documents.file to tongban_app;

alter table documents.content enable row level security;
alter table documents.content force row level security;
-- Bytes are seen by whoever sees a file of them: the policies of documents.file hold in here too.
create policy reading on documents.content for select using (
    (select foundation.kind()) = 'system'
    or exists (select from documents.file where file.sha256 = content.sha256)
);
create policy adding on documents.content for insert
    with check ((select foundation.kind()) in ('person', 'officer', 'system'));
create policy forgetting on documents.content for delete using ((select foundation.kind()) = 'system');
grant select, insert, delete on documents.content to tongban_app;

-- The last number that a department gave to a kind of document in a year.
create table documents.counter (
    department text not null,
    template   text not null,
    year       int  not null,
    last       int  not null,
    primary key (department, template, year)
);
grant select, insert, update on documents.counter to tongban_app;
