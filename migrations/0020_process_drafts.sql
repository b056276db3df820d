-- Drafts of processes: what is drawn before it is published, who drew it, and what was said about it.
--
-- They are official knowledge without personal data, so they have no row-level security.

create table process.draft (
    id           uuid        primary key,
    process      text        not null check (length(process) between 1 and 200),
    name         text        not null,
    department   text        not null,
    region       text        not null,
    bpmn         text        not null,
    note         text        not null default '',
    state        text        not null check (state in ('draft', 'review', 'published', 'withdrawn')),
    revision     int         not null default 1,
    based_on     int         not null default 0,
    version      int         check ((state = 'published') = (version is not null)),
    authors      text[]      not null check (cardinality(authors) > 0),
    changed_name text        not null,
    changed_at   timestamptz not null
);
comment on column process.draft.authors is 'Everybody who changed its content: none of them may publish it.';
comment on column process.draft.based_on is 'The version that was the latest when the draft began; 0: there was none.';
-- Two that draw the same process do so in one draft, where the later one is told of the earlier.
create unique index draft_open on process.draft (process) where state in ('draft', 'review');
create index draft_changed on process.draft (changed_at desc, id);
grant select, insert, update on process.draft to tongban_app;

create table process.remark (
    id      bigint      generated always as identity primary key,
    draft   uuid        not null references process.draft,
    act     text        not null check (act in
            ('begin', 'submit', 'comment', 'return', 'publish', 'withdraw')),
    text    text        not null default '',
    by_name text        not null,
    at      timestamptz not null
);
comment on table process.remark is 'What was done with a draft and said about it. Only grows.';
create index remark_draft on process.remark (draft, id);
create trigger append_only before update or delete on process.remark
    for each row execute function foundation.refuse_change();
create trigger append_only_truncate before truncate on process.remark
    for each statement execute function foundation.refuse_change();
grant select, insert on process.remark to tongban_app;

create index definition_name on process.definition (department, process, version desc);

-- Timers that were given up are few and are looked for by those who mend them.
create index alarm_given_up on process.alarm (due_at) where attempts >= 8;
