-- Who people, organisations and officers are, where they belong, how they prove it, and who looked
-- at their personal data.

create schema identity;
grant usage on schema identity to tongban_app;

-- Places -----------------------------------------------------------------------------------------

create sequence identity.provisional_region;
grant usage on sequence identity.provisional_region to tongban_app;

create table identity.region (
    code                 text    primary key check (code ~ '^[0-9]{6}$'),
    name                 text    not null check (name <> ''),
    full_name            text    not null check (full_name <> ''),
    level                int     not null check (level between 0 and 5),
    parent               text    references identity.region,
    provisional_code     boolean not null default false,
    replaced_by          text    references identity.region deferrable initially deferred,
    departments_numbered int     not null default 0,
    check (parent <> code)
);
create unique index region_full_name on identity.region (full_name) where replaced_by is null;
create index region_parent on identity.region (parent);
comment on table identity.region is 'Administrative divisions (GB/T 2260). A code in the range 98 is provisional: given by this installation until the official one is known.';
comment on column identity.region.replaced_by is 'The official code that has become known since; what was filed under the old one stays there.';
grant select, insert, update on identity.region to tongban_app;

create table identity.department (
    code        text primary key check (code ~ '^[0-9A-Z-]{4,32}$'),
    name        text not null check (name <> ''),
    region      text not null references identity.region,
    credit_code text not null default '',
    telephone   text not null default '',
    kind        text not null default 'department' check (kind in ('department', 'centre', 'other')),
    unique (region, name)
);
comment on table identity.department is 'Units that offer services, each in one region.';
grant select, insert, update on identity.department to tongban_app;

-- People and organisations -----------------------------------------------------------------------

create sequence identity.person_number;
create sequence identity.organisation_number;
grant usage on sequence identity.person_number, identity.organisation_number to tongban_app;

create table identity.person (
    id               text        primary key default 'p-' || nextval('identity.person_number'),
    name             text        not null check (name <> ''),
    id_kind          text        not null check (id_kind in
                     ('resident', 'passport', 'hong_kong_macao', 'taiwan', 'foreigner')),
    id_number_masked text        not null,
    telephone_masked text        not null default '',
    address_masked   text        not null default '',
    created_at       timestamptz not null
);

create table identity.organisation (
    id                   text        primary key default 'b-' || nextval('identity.organisation_number'),
    name                 text        not null check (name <> ''),
    credit_code          text        not null unique check (credit_code ~ '^[0-9A-Z]{18}$'),
    legal_representative text        not null,
    telephone_masked     text        not null default '',
    address              text        not null default '',
    created_at           timestamptz not null
);

-- Kept apart from the masked rows, so that a query for a list of people cannot even by mistake
-- carry away what is sealed.
create table identity.sealed (
    holder  text  not null,
    field   text  not null check (field in ('id_number', 'telephone', 'address')),
    content bytea not null,
    hash    bytea not null,
    primary key (holder, field)
);
create unique index sealed_id_number on identity.sealed (hash) where field = 'id_number';
create index sealed_telephone on identity.sealed (hash) where field = 'telephone';
comment on table identity.sealed is 'Personal data encrypted with SM4-GCM, found again by a keyed SM3 hash.';

create table identity.authorisation (
    id           bigint      generated always as identity primary key,
    person       text        not null references identity.person,
    organisation text        not null references identity.organisation,
    since        date        not null,
    until        date,
    granted_by   text        not null,
    granted_at   timestamptz not null,
    revoked_by   text,
    revoked_at   timestamptz,
    check (until >= since),
    check ((revoked_by is null) = (revoked_at is null))
);
create index authorisation_person on identity.authorisation (person) where revoked_at is null;
create index authorisation_organisation on identity.authorisation (organisation);
comment on table identity.authorisation is 'A person may act for an organisation, from a day on, until a day or until it is revoked.';

create table identity.look (
    id              bigint      generated always as identity primary key,
    holder          text        not null,
    field           text        not null,
    reason          text        not null check (length(reason) between 1 and 200),
    officer         text        not null,
    officer_name    text        not null,
    department      text        not null,
    at              timestamptz not null
);
create index look_holder on identity.look (holder, id);
comment on table identity.look is 'Who was shown personal data in the clear, and why. Shown to the person whose data it is.';
create trigger append_only before update or delete on identity.look
    for each row execute function foundation.refuse_change();
create trigger append_only_truncate before truncate on identity.look
    for each statement execute function foundation.refuse_change();

-- Officers and accounts --------------------------------------------------------------------------

create sequence identity.officer_number;
grant usage on sequence identity.officer_number to tongban_app;

create table identity.officer (
    id         text        primary key default 'o-' || nextval('identity.officer_number'),
    name       text        not null check (name <> ''),
    department text        not null references identity.department,
    created_at timestamptz not null
);
create index officer_department on identity.officer (department);
grant select, insert, update on identity.officer to tongban_app;

create table identity.role_grant (
    officer    text        not null references identity.officer,
    role       text        not null,
    department text        not null default '',
    region     text        not null default '',
    granted_by text        not null,
    granted_at timestamptz not null,
    primary key (officer, role, department, region),
    check (department = '' or region = '')
);
comment on table identity.role_grant is 'A role held in one department, or in every department of a region, or (both empty) everywhere.';
grant select, insert, delete on identity.role_grant to tongban_app;

create table identity.account (
    login       text        primary key check (login ~ '^[a-z0-9][a-z0-9._-]{1,62}$'),
    subject     text        not null unique,
    salt        bytea       not null,
    hash        bytea       not null,
    cost        int         not null,
    block_size  int         not null,
    parallelism int         not null,
    changed_at  timestamptz not null,
    disabled_at timestamptz
);
comment on table identity.account is 'Local accounts: a scrypt hash (RFC 7914) with the parameters it was made with.';

-- Attempts are counted by a hash of what was typed, for unknown logins too, so that the answer to a
-- locked login says nothing about whether it exists.
create table identity.attempt (
    login_hash   bytea       primary key,
    failures     int         not null default 0,
    failed_at    timestamptz,
    locked_until timestamptz
);
grant select, insert, update, delete on identity.attempt to tongban_app;

-- Read before anybody is known, hence without row-level security and without personal data.
create table identity.session (
    token_hash bytea       primary key,
    subject    text        not null default '',
    csrf       text        not null,
    language   text        not null,
    mode       text        not null check (mode in ('standard', 'elder')),
    acting_for text        not null default '',
    created_at timestamptz not null,
    seen_at    timestamptz not null,
    expires_at timestamptz not null,
    ends_at    timestamptz
);
create index session_subject on identity.session (subject) where subject <> '';
create index session_expiry on identity.session (expires_at);
comment on column identity.session.ends_at is 'The end that no activity moves; null where there is none.';
grant select, insert, update, delete on identity.session to tongban_app;

-- Row-level security -----------------------------------------------------------------------------

grant select, insert, update on identity.person, identity.organisation, identity.authorisation,
    identity.account to tongban_app;
grant select, insert, update, delete on identity.sealed to tongban_app;
grant select, insert on identity.look to tongban_app;

-- An officer who holds anything at all sees people and organisations in their masked form.
create function identity.is_officer() returns boolean language sql stable parallel safe
    return foundation.kind() = 'officer'
       and cardinality(foundation.departments()) + cardinality(foundation.regions()) > 0;

alter table identity.person enable row level security;
alter table identity.person force row level security;
create policy everything on identity.person using ((select foundation.kind()) = 'system');
create policy reading on identity.person for select using (
    id = any ((select foundation.holders())::text[]) or (select identity.is_officer())
);

alter table identity.organisation enable row level security;
alter table identity.organisation force row level security;
create policy everything on identity.organisation using ((select foundation.kind()) = 'system');
create policy reading on identity.organisation for select using (
    id = any ((select foundation.holders())::text[]) or (select identity.is_officer())
);

alter table identity.sealed enable row level security;
alter table identity.sealed force row level security;
create policy everything on identity.sealed using ((select foundation.kind()) = 'system');
create policy reading on identity.sealed for select using (
    holder = any ((select foundation.holders())::text[])
);

alter table identity.authorisation enable row level security;
alter table identity.authorisation force row level security;
create policy everything on identity.authorisation using ((select foundation.kind()) = 'system');
create policy reading on identity.authorisation for select using (
    person = any ((select foundation.holders())::text[])
    or organisation = any ((select foundation.holders())::text[])
);

alter table identity.look enable row level security;
alter table identity.look force row level security;
create policy reading on identity.look for select using (
    (select foundation.kind()) = 'system' or holder = any ((select foundation.holders())::text[])
);
create policy recording on identity.look for insert with check (
    (select foundation.kind()) in ('system', 'officer')
);

alter table identity.account enable row level security;
alter table identity.account force row level security;
create policy everything on identity.account using ((select foundation.kind()) = 'system');

-- The one place that reads people before anybody is known: what a session's subject may do. It
-- works as the system for its own length only, and returns nothing but what an Actor is made of.
create function identity.actor_of(subject text, day date)
    returns table (name text, holders text[], holder_names text[], grants jsonb)
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    asking text := coalesce(current_setting('tongban.kind', true), '');
begin
    -- Written out, because only a superuser may give a function a setting of its own.
    perform set_config('tongban.kind', 'system', true);
    if subject like 'p-%' then
        return query
        select p.name,
               array_prepend(p.id, coalesce(array_agg(o.id order by o.id)
                                            filter (where o.id is not null), '{}')),
               array_prepend(p.name, coalesce(array_agg(o.name order by o.id)
                                              filter (where o.id is not null), '{}')),
               '[]'::jsonb
          from identity.person p
          left join identity.organisation o
            on o.id in (select a.organisation
                          from identity.authorisation a
                         where a.person = p.id
                           and a.revoked_at is null
                           and a.since <= day
                           and (a.until is null or a.until >= day))
         where p.id = subject
         group by p.id;
    elsif subject like 'o-%' then
        return query
        select f.name, '{}'::text[], '{}'::text[],
               coalesce(jsonb_agg(jsonb_build_object('role', g.role, 'department', g.department,
                                                     'region', g.region)
                                  order by g.department = f.department desc, g.department, g.role)
                        filter (where g.role is not null), '[]')
          from identity.officer f
          left join identity.role_grant g on g.officer = f.id
         where f.id = subject
         group by f.id;
    elsif subject = '' then
        return query select '', '{}'::text[], '{}'::text[], '[]'::jsonb;
    end if;
    perform set_config('tongban.kind', asking, true);
end
$$;
