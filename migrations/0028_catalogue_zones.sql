-- Ways to services that are put together by hand: zones, life events, stages of an enterprise.

create table catalogue.zone (
    code            text        primary key check (code ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    kind            text        not null check (kind in ('zone', 'life_event', 'stage')),
    title           text        not null check (length(title) between 1 and 100),
    card            text        not null default '' check (length(card) <= 300),
    place           int         not null default 0,
    items           text[]      not null default '{}',
    audience        text        not null default '',
    department      text        not null default '',
    theme           text        not null default '',
    words           text[]      not null default '{}',
    region          text        not null,
    published_from  date,
    published_until date,
    changed_by      text        not null,
    changed_name    text        not null,
    changed_at      timestamptz not null,
    check (published_until is null or published_from is not null and published_until >= published_from)
);
comment on column catalogue.zone.items is 'Items put in by hand, shown first and in this order; what the filter finds follows.';
comment on column catalogue.zone.words is 'Any of these in the name puts an item in. Without words, department and theme nothing is added.';
comment on column catalogue.zone.published_from is 'Null: not published.';
create index zone_kind on catalogue.zone (kind, place, code);
grant select, insert, update, delete on catalogue.zone to tongban_app;
