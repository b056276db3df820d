-- Search: one document for each main name, wherever it is offered, and what has changed since when.

create function catalogue.document_of(name text, parent_name text) returns bigint
    language sql immutable parallel safe
    return hashtextextended(name || chr(31) || parent_name, 0);
comment on function catalogue.document_of is 'The document of the search index to which an item belongs.';
create index item_document on catalogue.item (catalogue.document_of(name, parent_name), region, code);

-- Every web process holds an index of its own and follows this. Transactions commit in another order than
-- they begin, so a reader remembers the oldest transaction still open at its last look, and looks again
-- from there; reading a change twice does no harm.
create table catalogue.search_change (
    changed  xid8        not null default pg_current_xact_id(),
    document bigint      not null,
    at       timestamptz not null default now()
);
create index search_change_changed on catalogue.search_change (changed);
create index search_change_at on catalogue.search_change using brin (at);
grant select, insert, delete on catalogue.search_change to tongban_app;

create function catalogue.note_new_documents() returns trigger language plpgsql as $$
begin
    insert into catalogue.search_change (document)
    select distinct catalogue.document_of(name, parent_name) from held;
    return null;
end $$;
create function catalogue.note_changed_documents() returns trigger language plpgsql as $$
begin
    insert into catalogue.search_change (document)
    select catalogue.document_of(name, parent_name) from held
    union
    select catalogue.document_of(name, parent_name) from was;
    return null;
end $$;
create trigger follow_insert after insert on catalogue.item
    referencing new table as held for each statement execute function catalogue.note_new_documents();
create trigger follow_update after update on catalogue.item
    referencing old table as was new table as held
    for each statement execute function catalogue.note_changed_documents();
create trigger follow_delete after delete on catalogue.item
    referencing old table as held for each statement execute function catalogue.note_new_documents();

-- What was looked for in vain, without anybody's name, as a worklist for the departments' everyday words.
create table catalogue.search_miss (
    text       text        primary key check (length(text) between 2 and 40),
    searches   int         not null default 0,
    abandoned  int         not null default 0,
    reworded   int         not null default 0,
    empty      int         not null default 0,
    instead    text        not null default '',
    chosen     text        not null default '',
    first_on   date        not null,
    last_on    date        not null,
    settled_at timestamptz
);
comment on table catalogue.search_miss is 'Questions that ended without a click or were put again, counted; never who asked.';
create index search_miss_open on catalogue.search_miss (last_on desc, text) where settled_at is null;
grant select, insert, update, delete on catalogue.search_miss to tongban_app;
