-- Cases (办件): one application for one service, its materials, clocks, opinions, and the drafts from
-- which it comes. Every table of a case begins with the region and month that stand in its number, so
-- that the tables can be partitioned by them and are found by the full key.

create schema cases;
grant usage on schema cases to tongban_app;

-- Serials of case numbers. Months make them unique again after the ten-millionth.
create sequence cases.serial as int minvalue 1 maxvalue 9999999 cycle;
grant usage on sequence cases.serial to tongban_app;

create table cases.case_file (
    region                text        not null check (region ~ '^[0-9]{6}$'),
    month                 int         not null,
    number                text        not null,
    item_code             text        not null,
    item_version          int         not null,
    item_name             text        not null,
    instant               boolean     not null,
    department            text        not null,
    department_name       text        not null,
    holder                text        not null,
    applicant             text        not null,
    acting                text        not null,
    channel               text        not null check (channel in ('portal', 'counter')),
    stage                 text        not null check (stage in
                          ('submitted', 'correcting', 'accepted', 'not_accepted', 'withdrawn',
                           'deemed_withdrawn', 'granted', 'refused', 'delivered', 'closed')),
    step                  text        check (step in ('handling', 'reviewing', 'approving')),
    desk                  text        not null generated always as (
                          case stage
                              when 'submitted' then 'intake'
                              when 'correcting' then 'applicant'
                              when 'accepted' then step
                              when 'granted' then 'delivery'
                              when 'refused' then 'delivery'
                              else 'none'
                          end) stored,
    revision              int         not null default 1,
    submitted_at          timestamptz not null,
    materials_complete_at timestamptz not null,
    accepted_at           timestamptz,
    decided_at            timestamptz,
    delivered_at          timestamptz,
    closed_at             timestamptz,
    due_on                date,
    -- A case whose clock is held stands at the end of the list and can still be paged to.
    order_on              date        not null generated always as (coalesce(due_on, date '9999-12-31')) stored,
    handler               text        not null default '',
    handler_name          text        not null default '',
    decision              text        not null default '' check (decision in ('', 'granted', 'refused')),
    reason                text        not null default '',
    deemed                boolean     not null default false,
    way                   text        not null default '',
    receiver              text        not null default '',
    to_correct            jsonb       not null default '[]',
    primary key (region, month, number),
    check ((stage = 'accepted') = (step is not null)),
    check (stage not in ('accepted', 'granted', 'refused', 'delivered', 'closed') or accepted_at is not null),
    check (stage not in ('granted', 'refused', 'delivered', 'closed') or decided_at is not null and decision <> ''),
    check (stage not in ('delivered', 'closed') or delivered_at is not null)
);
create index case_file_desk on cases.case_file (department, desk, order_on, number) where desk <> 'none';
create index case_file_region_desk on cases.case_file (region, desk, order_on, number) where desk <> 'none';
create index case_file_holder on cases.case_file (holder, submitted_at desc, number desc);
create index case_file_delivered on cases.case_file (delivered_at) where stage = 'delivered';
comment on table cases.case_file is 'One application. Changed only by the acts of the module cases.';
comment on column cases.case_file.applicant is 'The name, masked.';
comment on column cases.case_file.due_on is 'When the most urgent running clock runs out; a cache.';

-- Apart from the case, which is read and written much more often, and seen by more people.
create table cases.private (
    region    text  not null,
    month     int   not null,
    number    text  not null,
    sealed    bytea not null,
    code_hash bytea not null,
    primary key (region, month, number),
    foreign key (region, month, number) references cases.case_file
);
comment on column cases.private.sealed is 'Name, answers, delivery and query code: JSON, encrypted with SM4-GCM.';
comment on column cases.private.code_hash is 'Keyed hash of number and query code.';

create table cases.material (
    region   text    not null,
    month    int     not null,
    number   text    not null,
    key      text    not null,
    position int     not null,
    name     text    not null,
    need     text    not null,
    exempt   boolean not null,
    files    uuid[]  not null default '{}',
    state    text    not null check (state in ('provided', 'missing', 'to_correct', 'checked')),
    note     text    not null default '',
    primary key (region, month, number, key),
    foreign key (region, month, number) references cases.case_file
);

create table cases.clock (
    region           text    not null,
    month            int     not null,
    number           text    not null,
    kind             text    not null check (kind in ('notice', 'correction', 'statutory', 'promised', 'delivery')),
    turn             int     not null,
    started_on       date    not null,
    amount           int     not null,
    unit             text    not null check (unit in ('workday', 'day', 'hour', 'minute', 'month')),
    counted_from     date    not null,
    workdays         int     not null,
    extended         int     not null default 0,
    due_on           date,
    calendar_version int     not null,
    provisional      boolean not null,
    basis            text    not null,
    state            text    not null check (state in ('running', 'paused', 'met', 'late', 'stopped')),
    ended_at         timestamptz,
    primary key (region, month, number, kind, turn),
    foreign key (region, month, number) references cases.case_file,
    check ((state = 'running') <= (due_on is not null)),
    check ((state in ('running', 'paused')) = (ended_at is null))
);
create index clock_running on cases.clock (due_on, kind) where state = 'running';
comment on column cases.clock.counted_from is 'Every unit comes down to working days after a day: the due date is foundation.due_on(counted_from, workdays + extended + pauses, region).';

create table cases.pause (
    region      text not null,
    month       int  not null,
    number      text not null,
    turn        int  not null,
    kind        text not null check (kind in
                ('hearing', 'bidding', 'auction', 'inspection', 'testing', 'quarantine', 'appraisal',
                 'expert_review', 'site_visit')),
    begun_on    date not null,
    ended_on    date,
    days_needed int  not null,
    note        text not null,
    primary key (region, month, number, turn),
    foreign key (region, month, number) references cases.case_file
);
comment on table cases.pause is 'Special procedures (特别程序), whose time is not counted in the statutory and promised limits.';

create table cases.opinion (
    region       text        not null,
    month        int         not null,
    number       text        not null,
    turn         int         not null,
    step         text        not null check (step in ('handling', 'reviewing', 'approving')),
    officer      text        not null,
    officer_name text        not null,
    agree        boolean     not null,
    opinion      text        not null,
    given_at     timestamptz not null,
    primary key (region, month, number, turn),
    foreign key (region, month, number) references cases.case_file
);
comment on table cases.opinion is 'What officers thought at each step; seen by officers only.';

-- Without a foreign key, because it is written for very many clocks at once, from the clocks themselves.
create table cases.due_date_change (
    region           text        not null,
    month            int         not null,
    number           text        not null,
    kind             text        not null,
    turn             int         not null,
    before           date        not null,
    after            date        not null,
    calendar_version int         not null,
    changed_at       timestamptz not null,
    primary key (region, month, number, kind, turn, changed_at)
);
create index due_date_change_latest on cases.due_date_change using brin (changed_at);
comment on table cases.due_date_change is 'Due dates that moved because the calendar changed.';

create table cases.draft (
    holder       text        not null,
    item_code    text        not null,
    item_version int         not null,
    item_name    text        not null,
    sealed       bytea       not null,
    materials    jsonb       not null default '{}',
    begun_at     timestamptz not null,
    saved_at     timestamptz not null,
    primary key (holder, item_code)
);
create index draft_age on cases.draft (saved_at);
comment on table cases.draft is 'Applications being filled in: one for each holder and item, forgotten after 90 days.';

create table cases.code_attempt (
    id     bigint generated always as identity primary key,
    number text        not null,
    at     timestamptz not null
);
create index code_attempt_number on cases.code_attempt (number, at);
comment on table cases.code_attempt is 'Wrong query codes; so many in an hour close the door for a while.';

grant select, insert, update on cases.case_file, cases.private, cases.material, cases.clock, cases.pause to tongban_app;
grant select, insert on cases.opinion, cases.due_date_change to tongban_app;
grant select, insert, update, delete on cases.draft to tongban_app;
grant select, insert, delete on cases.code_attempt to tongban_app;

-- Who sees and changes a case: the system, its holder, its department, officers of its region. Whoever
-- knows number and code sees that one case and changes nothing.
alter table cases.case_file enable row level security;
alter table cases.case_file force row level security;
create policy seeing on cases.case_file for select using (
    (select foundation.kind()) = 'system'
    or holder = any ((select foundation.holders())::text[])
    or department = any ((select foundation.departments())::text[])
    or (select foundation.kind()) = 'officer' and region like any ((select foundation.regions())::text[])
    or number = (select foundation.subject())
);
create policy opening on cases.case_file for insert with check (
    (select foundation.kind()) = 'system'
    or holder = any ((select foundation.holders())::text[])
    or department = any ((select foundation.departments())::text[])
    or (select foundation.kind()) = 'officer' and region like any ((select foundation.regions())::text[])
);
create policy changing on cases.case_file for update using (
    (select foundation.kind()) = 'system'
    or holder = any ((select foundation.holders())::text[])
    or department = any ((select foundation.departments())::text[])
    or (select foundation.kind()) = 'officer' and region like any ((select foundation.regions())::text[])
);

-- What belongs to a case is seen with it. A new row needs its case, which the foreign key demands.
-- The number and its code show where a case stands, but not what is personal in it.
alter table cases.private enable row level security;
alter table cases.private force row level security;
create policy seeing on cases.private for select using (
    (select foundation.kind()) = 'system'
    or (select foundation.kind()) in ('person', 'officer')
    and exists (select from cases.case_file c
                 where c.region = private.region and c.month = private.month and c.number = private.number));
create policy adding on cases.private for insert with check ((select foundation.kind()) is not null);
create policy changing on cases.private for update using (
    (select foundation.kind()) = 'system'
    or (select foundation.kind()) in ('person', 'officer')
    and exists (select from cases.case_file c
                 where c.region = private.region and c.month = private.month and c.number = private.number));

alter table cases.material enable row level security;
alter table cases.material force row level security;
create policy seeing on cases.material for select using (
    (select foundation.kind()) = 'system'
    or exists (select from cases.case_file c
                where c.region = material.region and c.month = material.month and c.number = material.number));
create policy adding on cases.material for insert with check ((select foundation.kind()) is not null);
create policy changing on cases.material for update using (
    (select foundation.kind()) in ('system', 'person', 'officer')
    and exists (select from cases.case_file c
                 where c.region = material.region and c.month = material.month and c.number = material.number));

alter table cases.clock enable row level security;
alter table cases.clock force row level security;
create policy seeing on cases.clock for select using (
    (select foundation.kind()) = 'system'
    or exists (select from cases.case_file c
                where c.region = clock.region and c.month = clock.month and c.number = clock.number));
create policy adding on cases.clock for insert with check ((select foundation.kind()) is not null);
create policy changing on cases.clock for update using (
    (select foundation.kind()) = 'system'
    or (select foundation.kind()) in ('person', 'officer')
    and exists (select from cases.case_file c
                 where c.region = clock.region and c.month = clock.month and c.number = clock.number));

alter table cases.pause enable row level security;
alter table cases.pause force row level security;
create policy seeing on cases.pause for select using (
    (select foundation.kind()) = 'system'
    or exists (select from cases.case_file c
                where c.region = pause.region and c.month = pause.month and c.number = pause.number));
create policy adding on cases.pause for insert with check ((select foundation.kind()) in ('system', 'officer'));
create policy changing on cases.pause for update using (
    (select foundation.kind()) = 'system'
    or (select foundation.kind()) in ('person', 'officer')
    and exists (select from cases.case_file c
                 where c.region = pause.region and c.month = pause.month and c.number = pause.number));

alter table cases.opinion enable row level security;
alter table cases.opinion force row level security;
create policy seeing on cases.opinion for select using (
    (select foundation.kind()) = 'system'
    or (select foundation.kind()) = 'officer'
    and exists (select from cases.case_file c
                 where c.region = opinion.region and c.month = opinion.month and c.number = opinion.number));
create policy adding on cases.opinion for insert with check ((select foundation.kind()) in ('system', 'officer'));

alter table cases.due_date_change enable row level security;
alter table cases.due_date_change force row level security;
create policy seeing on cases.due_date_change for select using (
    (select foundation.kind()) = 'system'
    or exists (select from cases.case_file c
                where c.region = due_date_change.region and c.month = due_date_change.month
                  and c.number = due_date_change.number));
create policy adding on cases.due_date_change for insert with check ((select foundation.kind()) = 'system');

alter table cases.draft enable row level security;
alter table cases.draft force row level security;
create policy own on cases.draft using (
    (select foundation.kind()) = 'system' or holder = any ((select foundation.holders())::text[]))
    with check (
    (select foundation.kind()) = 'system' or holder = any ((select foundation.holders())::text[]));

alter table cases.code_attempt enable row level security;
alter table cases.code_attempt force row level security;
create policy system_only on cases.code_attempt using ((select foundation.kind()) = 'system')
    with check ((select foundation.kind()) = 'system');
