-- Due dates that were counted in working days are counted again when the calendar changes.

alter table process.token add column workdays int;
alter table process.token add column counted_from date;
alter table process.alarm add column workdays int;
alter table process.alarm add column counted_from date;
comment on column process.token.workdays is 'Of how many working days due_at is the end; null: it was not counted by the calendar.';
comment on column process.alarm.workdays is 'Of how many working days due_at is the end; null: it was not counted by the calendar.';

create table process.due_date_change (
    region           text        not null,
    month            int         not null,
    instance         bigint      not null,
    token            bigint      not null,
    node             text        not null,
    timer            boolean     not null,
    before           timestamptz not null,
    after            timestamptz not null,
    calendar_version int         not null,
    changed_at       timestamptz not null,
    primary key (region, month, instance, token, node, calendar_version)
);
comment on table process.due_date_change is 'Due dates of steps and timers that moved because the calendar changed. Only grows.';
grant select, insert on process.due_date_change to tongban_app;
alter table process.due_date_change enable row level security;
alter table process.due_date_change force row level security;
create policy known on process.due_date_change using ((select foundation.kind()) in ('system', 'officer', 'person'));
