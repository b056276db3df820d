-- Changes of entries of the lists, written by one and agreed to by another before they are published.

create table catalogue.entry_draft (
    id                uuid        primary key,
    list              text        not null,
    code              text        not null check (length(code) between 1 and 100),
    based_on          int         not null check (based_on >= 0),
    state             text        not null check (state in ('draft', 'review', 'published', 'withdrawn')),
    name              text        not null,
    department        text        not null,
    region            text        not null,
    content           json        not null,
    revision          int         not null check (revision > 0),
    authors           text[]      not null,
    changed_name      text        not null,
    changed_at        timestamptz not null,
    change_note       text        not null default '',
    reviewer          text        not null default '',
    reviewer_name     text        not null default '',
    reviewed_at       timestamptz,
    published_version int,
    reason            text        not null default '',
    check (state <> 'published' or reviewer <> ''),
    check (not authors @> array[reviewer])
);
comment on column catalogue.entry_draft.based_on is 'The published version that it began with; 0 for a new entry.';
create unique index entry_draft_open on catalogue.entry_draft (list, code) where state in ('draft', 'review');
create index entry_draft_state on catalogue.entry_draft (changed_at desc, id) where state in ('draft', 'review');
grant select, insert, update on catalogue.entry_draft to tongban_app;
