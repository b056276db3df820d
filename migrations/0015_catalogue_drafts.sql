-- How a service is changed: a draft is written, reviewed by somebody else, published on a day, and
-- withdrawn; with comments on it, and notices to those below when something above has changed.

create table catalogue.draft (
    id                uuid        primary key,
    item_code         text        not null check (length(item_code) between 1 and 100),
    based_on          int         not null check (based_on >= 0),
    state             text        not null check (state in
                      ('draft', 'review', 'approved', 'scheduled', 'published', 'withdrawn')),
    name              text        not null,
    department        text        not null,
    region            text        not null,
    content           json        not null,
    revision          int         not null check (revision > 0),
    authors           text[]      not null,
    changed_by        text        not null,
    changed_name      text        not null,
    changed_at        timestamptz not null,
    change_note       text        not null default '',
    reviewer          text        not null default '',
    reviewer_name     text        not null default '',
    reviewed_at       timestamptz,
    publisher         text        not null default '',
    publisher_name    text        not null default '',
    effective_from    date,
    published_version int,
    reason            text        not null default '',
    check (state not in ('approved', 'scheduled', 'published') or reviewer <> ''),
    check (not authors @> array[reviewer] and not authors @> array[publisher])
);
comment on column catalogue.draft.based_on is 'The published version that it began with; 0 for a new service.';
comment on column catalogue.draft.authors is 'Everybody who wrote in it: none of them reviews or publishes it.';
-- Two people who begin at once work on one draft, not on two that would undo each other.
create unique index draft_open on catalogue.draft (item_code)
    where state in ('draft', 'review', 'approved', 'scheduled');
create index draft_state on catalogue.draft (state, changed_at desc, id);
create index draft_item on catalogue.draft (item_code, changed_at desc);
create index draft_due on catalogue.draft (effective_from) where state = 'scheduled';
grant select, insert, update on catalogue.draft to tongban_app;

create table catalogue.draft_comment (
    draft       uuid        not null references catalogue.draft,
    place       int         not null,
    field       text        not null,
    text        text        not null check (length(text) between 1 and 4000),
    author      text        not null,
    author_name text        not null,
    written_at  timestamptz not null,
    primary key (draft, place)
);
create trigger append_only before update or delete on catalogue.draft_comment
    for each row execute function foundation.refuse_change();
grant select, insert on catalogue.draft_comment to tongban_app;

create table catalogue.notice (
    item_code      text        not null references catalogue.item,
    source         text        not null,
    source_version int         not null,
    source_name    text        not null,
    department     text        not null,
    region         text        not null,
    raised_at      timestamptz not null,
    settled_at     timestamptz,
    settled_name   text        not null default '',
    primary key (item_code, source, source_version)
);
comment on table catalogue.notice is 'Something above an item has changed: its department decides what follows for the item.';
comment on column catalogue.notice.source is 'directory/<code> or item/<code>.';
create index notice_open on catalogue.notice (department, raised_at desc) where settled_at is null;
grant select, insert, update on catalogue.notice to tongban_app;

-- Planned withdrawals: the item is cancelled when the day comes.
create table catalogue.withdrawal (
    item_code      text        primary key references catalogue.item,
    withdrawn_from date        not null,
    reason         text        not null check (length(reason) between 1 and 2000),
    asked_by       text        not null,
    asked_name     text        not null,
    asked_at       timestamptz not null,
    done_at        timestamptz
);
create index withdrawal_due on catalogue.withdrawal (withdrawn_from) where done_at is null;
grant select, insert, update, delete on catalogue.withdrawal to tongban_app;
