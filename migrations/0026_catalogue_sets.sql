-- Changes of many services at once, reviewed as one set; and who looks after a service.

create table catalogue.draft_set (
    id            uuid        primary key,
    field         text        not null,
    told          text        not null check (length(told) between 1 and 4000),
    state         text        not null check (state in ('review', 'published', 'sent_back', 'undone')),
    author        text        not null,
    author_name   text        not null,
    begun_at      timestamptz not null,
    reviewer      text        not null default '',
    reviewer_name text        not null default '',
    reviewed_at   timestamptz,
    comment       text        not null default '',
    left_alone    int         not null default 0,
    check (state in ('review', 'sent_back') or reviewer not in ('', author))
);
comment on column catalogue.draft_set.told is 'What is changed, in words, as the change log of each guide says it.';
create index draft_set_begun on catalogue.draft_set (begun_at desc, id);
grant select, insert, update on catalogue.draft_set to tongban_app;

alter table catalogue.draft add column set_id uuid;
alter table catalogue.draft add constraint draft_set_id_fkey
    foreign key (set_id) references catalogue.draft_set not valid;
alter table catalogue.draft validate constraint draft_set_id_fkey;
create index draft_set_id on catalogue.draft (set_id, name, id) where set_id is not null;

create table catalogue.assignment (
    item_code     text        primary key references catalogue.item,
    officer       text        not null,
    officer_name  text        not null,
    assigned_by   text        not null,
    assigned_name text        not null,
    assigned_at   timestamptz not null
);
comment on table catalogue.assignment is 'Who alone edits a service; without a row, every editor of its department does.';
create index assignment_officer on catalogue.assignment (officer, item_code);
grant select, insert, update, delete on catalogue.assignment to tongban_app;
