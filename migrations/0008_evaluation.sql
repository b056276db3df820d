-- What people think of how they were served (好差评, GB/T 39046), and what follows from a bad rating.
--
-- The rater is protected: who rated which case stands in rating, which only the rater and the system
-- read. Departments read opinion, which has neither case nor person nor time of day.

create schema evaluation;
grant usage on schema evaluation to tongban_app;

create table evaluation.rating (
    case_number     text        primary key,
    holder          text        not null,
    item_code       text        not null,
    stars           int         not null check (stars between 1 and 5),
    scores          jsonb       not null default '{}',
    tags            text[]      not null default '{}',
    comment         text        not null default '' check (length(comment) <= 500),
    channel         text        not null check (channel in
                    ('portal', 'mobile', 'qr', 'tablet', 'terminal', 'telephone', 'sms')),
    content_version int         not null,
    rated_at        timestamptz not null
);
comment on column evaluation.rating.stars is '5 is best. 1 and 2 are bad ratings.';
alter table evaluation.rating enable row level security;
alter table evaluation.rating force row level security;
create policy seeing on evaluation.rating for select using (
    (select foundation.kind()) = 'system' or holder = any ((select foundation.holders())::text[]));
create policy rating on evaluation.rating for insert with check (
    (select foundation.kind()) = 'system' or holder = any ((select foundation.holders())::text[]));
grant select, insert on evaluation.rating to tongban_app;

create table evaluation.opinion (
    id         uuid   primary key,
    item_code  text   not null,
    region     text   not null,
    department text   not null,
    stars      int    not null check (stars between 1 and 5),
    scores     jsonb  not null default '{}',
    tags       text[] not null default '{}',
    comment    text   not null default '',
    rated_on   date   not null
);
create index opinion_department on evaluation.opinion (department, rated_on desc, id);
create index opinion_item on evaluation.opinion (item_code, rated_on desc, id);
comment on table evaluation.opinion is 'What was said, without who said it. The random id keeps the order of ratings from telling.';
alter table evaluation.opinion enable row level security;
alter table evaluation.opinion force row level security;
create policy seeing on evaluation.opinion for select using (
    (select foundation.kind()) = 'system'
    or department = any ((select foundation.departments())::text[])
    or (select foundation.kind()) = 'officer' and region like any ((select foundation.regions())::text[]));
create policy saying on evaluation.opinion for insert with check ((select foundation.kind()) in ('system', 'person'));
grant select, insert on evaluation.opinion to tongban_app;

create table evaluation.tally (
    item_code text primary key,
    count     int  not null check (count > 0),
    total     int  not null check (total between count and 5 * count)
);
comment on table evaluation.tally is 'Public: how many rated a service, and the sum of their stars.';
grant select, insert, update on evaluation.tally to tongban_app;

create table evaluation.remedy (
    case_number      text        primary key references evaluation.rating,
    region           text        not null,
    department       text        not null,
    department_name  text        not null,
    item_name        text        not null,
    holder           text        not null,
    applicant        text        not null,
    stars            int         not null,
    tags             text[]      not null default '{}',
    comment          text        not null default '',
    state            text        not null default 'open' check (state in ('open', 'contacted', 'settled')),
    started_on       date        not null,
    contact_due_on   date        not null,
    settle_due_on    date        not null,
    calendar_version int         not null,
    contacted_at     timestamptz,
    contacted_by     text        not null default '',
    outcome          text        not null default '' check (outcome in ('', 'confirmed', 'mistaken', 'not_reached')),
    note             text        not null default '',
    settled_at       timestamptz,
    settled_by       text        not null default '',
    measure          text        not null default '',
    check ((state = 'open') = (contacted_at is null)),
    check ((state = 'settled') = (settled_at is not null))
);
create index remedy_running on evaluation.remedy (region, contact_due_on, case_number) where state <> 'settled';
comment on column evaluation.remedy.applicant is 'Masked.';
alter table evaluation.remedy enable row level security;
alter table evaluation.remedy force row level security;
-- Not the department: it would know who rated it badly.
create policy seeing on evaluation.remedy for select using (
    (select foundation.kind()) = 'system'
    or holder = any ((select foundation.holders())::text[])
    or (select foundation.kind()) = 'officer' and region like any ((select foundation.regions())::text[]));
create policy opening on evaluation.remedy for insert with check (
    (select foundation.kind()) = 'system' or holder = any ((select foundation.holders())::text[]));
create policy changing on evaluation.remedy for update using (
    (select foundation.kind()) = 'system'
    or (select foundation.kind()) = 'officer' and region like any ((select foundation.regions())::text[]));
grant select, insert, update on evaluation.remedy to tongban_app;
