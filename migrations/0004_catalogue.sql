-- The catalogue of services: one line per item as it is listed and searched, and every version ever
-- published, letter for letter. Public knowledge, so without row-level security.

create schema catalogue;
grant usage on schema catalogue to tongban_app;

create table catalogue.item (
    code            text        primary key check (length(code) between 1 and 100),
    version         int         not null check (version > 0),
    content_hash    bytea       not null,
    name            text        not null check (length(name) between 1 and 500),
    parent_name     text        not null,
    short_name      text        not null,
    summary         text        not null,
    kind            text        not null,
    kind_name       text        not null,
    audience        text        not null check (audience in ('person', 'business', 'both')),
    department      text        not null,
    department_name text        not null,
    region          text        not null,
    region_name     text        not null,
    handling        text        not null check (handling in ('instant', 'committed')),
    promised_amount int,
    promised_unit   text,
    visits          int,
    online_apply    boolean     not null,
    charged         boolean     not null,
    themes          text[]      not null,
    prominence      int         not null,
    status          text        not null check (status in ('published', 'suspended', 'cancelled')),
    words           text[]      not null,
    grams           text[]      not null,
    published_at    timestamptz not null
);
comment on column catalogue.item.words is 'Names, everyday words and codes, normalised: what an exact search hits.';
comment on column catalogue.item.grams is
    'Pairs of neighbouring characters, because trigram indexes cannot find two Chinese characters.';
create index item_name on catalogue.item (name, code);
create index item_department on catalogue.item (department, name, code);
create index item_region on catalogue.item (region, name, code);
create index item_kind on catalogue.item (kind, name, code);
create index item_prominence on catalogue.item (prominence desc, name, code);
create index item_themes on catalogue.item using gin (themes);
create index item_words on catalogue.item using gin (words);
create index item_grams on catalogue.item using gin (grams);
grant select, insert, update on catalogue.item to tongban_app;

-- The content is json and not jsonb: its fields keep their order, which is the order of the form,
-- and its text stays what was hashed.
create table catalogue.item_version (
    item_code      text        not null references catalogue.item,
    version        int         not null,
    content        json        not null,
    content_hash   bytea       not null,
    effective_from date        not null,
    published_at   timestamptz not null,
    published_by   text        not null,
    primary key (item_code, version)
);
comment on table catalogue.item_version is 'Versions are published, never changed: cases pin them.';
create trigger append_only before update or delete on catalogue.item_version
    for each row execute function foundation.refuse_change();
create trigger append_only_truncate before truncate on catalogue.item_version
    for each statement execute function foundation.refuse_change();
grant select, insert on catalogue.item_version to tongban_app;
