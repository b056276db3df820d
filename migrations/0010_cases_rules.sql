-- What decision tables have said about a case: the scenario by which materials, fields and fee were
-- found, the answer to "grant at once?", and the risks that officers should look at. Which facts and
-- which version of the rules stand behind it is kept by the evaluation that each row names.

create table cases.scenario (
    region        text   not null,
    month         int    not null,
    number        text   not null,
    evaluation    uuid,
    rule_set_code text   not null,
    rule_version  int    not null,
    needed        text[] not null,
    not_needed    text[] not null,
    fee           bigint check (fee >= 0),
    notes         text[] not null,
    primary key (region, month, number),
    foreign key (region, month, number) references cases.case_file
);
comment on table cases.scenario is 'What the rules found that this case needs, when it was submitted; later versions do not change it.';
comment on column cases.scenario.needed is 'Keys of materials.';
comment on column cases.scenario.not_needed is 'Keys of materials and of fields of the form.';
comment on column cases.scenario.fee is 'In cents; null where the rules say nothing of it.';
grant select, insert on cases.scenario to tongban_app;

create table cases.instant (
    region        text    not null,
    month         int     not null,
    number        text    not null,
    granted       boolean not null,
    why           text    not null,
    reasons       jsonb   not null,
    evaluation    uuid,
    rule_set_code text    not null default '',
    rule_version  int     not null default 0,
    primary key (region, month, number),
    foreign key (region, month, number) references cases.case_file
);
comment on table cases.instant is 'Whether the rules granted a case at once (秒批), or why it came to a person. They never refuse.';
comment on column cases.instant.reasons is 'Messages with what stands in their places: [{message, details}].';
grant select, insert on cases.instant to tongban_app;

create table cases.risk (
    region        text        not null,
    month         int         not null,
    number        text        not null,
    risk          text        not null,
    level         text        not null,
    advice        text        not null,
    at            text        not null check (at in ('submitted', 'accepted')),
    noticed_at    timestamptz not null,
    primary key (region, month, number, risk),
    foreign key (region, month, number) references cases.case_file
);
comment on table cases.risk is 'What officers should look at in a case, as rules said when it was submitted or accepted.';
grant select, insert on cases.risk to tongban_app;

-- Seen with the case that they belong to; risks are for officers alone.
alter table cases.scenario enable row level security;
alter table cases.scenario force row level security;
create policy seeing on cases.scenario for select using (
    (select foundation.kind()) = 'system'
    or exists (select from cases.case_file c
                where c.region = scenario.region and c.month = scenario.month and c.number = scenario.number));
create policy adding on cases.scenario for insert with check ((select foundation.kind()) is not null);

alter table cases.instant enable row level security;
alter table cases.instant force row level security;
create policy seeing on cases.instant for select using (
    (select foundation.kind()) = 'system'
    or (select foundation.kind()) in ('person', 'officer')
    and exists (select from cases.case_file c
                 where c.region = instant.region and c.month = instant.month and c.number = instant.number));
create policy adding on cases.instant for insert with check ((select foundation.kind()) = 'system');

alter table cases.risk enable row level security;
alter table cases.risk force row level security;
create policy seeing on cases.risk for select using (
    (select foundation.kind()) = 'system'
    or (select foundation.kind()) = 'officer'
    and exists (select from cases.case_file c
                 where c.region = risk.region and c.month = risk.month and c.number = risk.number));
create policy adding on cases.risk for insert with check ((select foundation.kind()) = 'system');
