-- The working-day calendar, in which every time limit of the law is counted.
--
-- calendar_day holds what was decided: for the whole country (region 000000) every day, for any other
-- region only the days on which it differs. calendar_number is derived from it: for each region with
-- days of its own, every day with the running number of working days up to and including it. So the
-- end of a limit, and the days used of it, are two look-ups by index.

create table foundation.calendar (
    region      text primary key check (region ~ '^[0-9]{6}$'),
    version     int  not null,
    first_day   date not null,
    last_day    date not null,
    last_number int  not null
);
comment on table foundation.calendar is 'Each region that has days of its own; the others inherit from the nearest region above.';
grant select, insert, update on foundation.calendar to tongban_app;

-- The empty calendar already answers, by the weekly rule; installing it fills the days.
insert into foundation.calendar (region, version, first_day, last_day, last_number)
values ('000000', 0, date '2004-01-01', date '2003-12-31', 0);

create table foundation.calendar_day (
    region  text not null,
    day     date not null,
    kind    text not null check (kind in ('working', 'weekend', 'holiday', 'make_up', 'stop_work')),
    name    text not null default '',
    status  text not null check (status in ('official', 'provisional')),
    version int  not null,
    primary key (region, day)
);
comment on column foundation.calendar_day.version is 'The version of the calendar with which the day became what it is.';
grant select, insert, update, delete on foundation.calendar_day to tongban_app;

create table foundation.calendar_number (
    region      text    not null,
    day         date    not null,
    number      int     not null,
    working     boolean not null,
    provisional boolean not null,
    primary key (region, day)
);
create index calendar_number_working on foundation.calendar_number (region, number) include (day) where working;
create index calendar_number_provisional on foundation.calendar_number (region, day) where provisional;
comment on table foundation.calendar_number is 'Derived from calendar_day; written by the renumbering statement only.';
grant select, insert, update on foundation.calendar_number to tongban_app;

create function foundation.region_and_above(region text) returns text[]
    language sql immutable parallel safe
    return array[left(region, 6), left(region, 4) || '00', left(region, 2) || '0000', '000000'];

create function foundation.calendar_version(region text) returns int
    language sql stable parallel safe
as $$
    select c.version from foundation.calendar c
     where c.region = any (foundation.region_and_above(calendar_version.region))
     order by c.region desc limit 1
$$;

-- The weekly rule alone, for days that no calendar reaches: Mondays to Fridays since 0001-01-01, a Monday.
create function foundation.weekday_number(day date) returns int
    language sql immutable parallel safe
    return (day - date '0001-01-01') / 7 * 5 + least((day - date '0001-01-01') % 7 + 1, 5);
create function foundation.weekday_of_number(number int) returns date
    language sql immutable parallel safe
    return date '0001-01-01' + (number - 1) / 5 * 7 + (number - 1) % 5;

-- When a limit of so many working days runs out, by which version of the calendar, and whether days
-- that are not published yet were counted. The start itself is not counted. With no days at all it is
-- the start, or the next working day where nobody works on the start. Before the first and after the
-- last day of the calendar the weekly rule carries it on. PostgreSQL takes this apart into its look-ups
-- when it is joined laterally, so a million limits are counted in one statement.
create function foundation.due_dates(start date, days int, region text)
    returns table (day date, version int, provisional boolean)
    language sql stable parallel safe
as $$
    select due.day, c.version,
           due.day > due_dates.start and (
               due.day > c.last_day or due_dates.start + 1 < c.first_day
               or exists (select from foundation.calendar_number n
                           where n.region = c.region and n.provisional
                             and n.day > due_dates.start and n.day <= due.day))
      from (select k.region, k.version, k.first_day, k.last_day, k.last_number,
                   case when due_dates.days = 0 then due_dates.start - 1 else due_dates.start end as after
              from foundation.calendar k
             where k.region = any (foundation.region_and_above(due_dates.region))
             order by k.region desc limit 1) as c
     cross join lateral (
           select greatest(due_dates.days, 1) + case
                  when c.after < c.first_day
                  then foundation.weekday_number(c.after) - foundation.weekday_number(c.first_day - 1)
                  when c.after > c.last_day
                  then c.last_number + foundation.weekday_number(c.after)
                       - foundation.weekday_number(c.last_day)
                  else (select n.number from foundation.calendar_number n
                         where n.region = c.region and n.day = c.after)
                  end as number
            offset 0) as wanted -- Keeps the planner from evaluating the look-up at every mention.
     cross join lateral (
           select case
                  when wanted.number < 1
                  then foundation.weekday_of_number(
                       wanted.number + foundation.weekday_number(c.first_day - 1))
                  when wanted.number > c.last_number
                  then foundation.weekday_of_number(
                       wanted.number - c.last_number + foundation.weekday_number(c.last_day))
                  else (select n.day from foundation.calendar_number n
                         where n.region = c.region and n.number = wanted.number and n.working)
                  end as day
            offset 0) as due
$$;

create function foundation.due_on(start date, days int, region text) returns date
    language plpgsql stable strict parallel safe
as $$
begin
    return (select d.day from foundation.due_dates(start, days, region) as d);
end $$;

-- The running number of a day: how many working days there are up to and including it.
create function foundation.working_number(day date, region text) returns int
    language plpgsql stable strict parallel safe
as $$
begin
    return (
        select case
               when working_number.day < c.first_day
               then foundation.weekday_number(working_number.day)
                    - foundation.weekday_number(c.first_day - 1)
               when working_number.day > c.last_day
               then c.last_number + foundation.weekday_number(working_number.day)
                    - foundation.weekday_number(c.last_day)
               else (select n.number from foundation.calendar_number n
                      where n.region = c.region and n.day = working_number.day)
               end
          from foundation.calendar c
         where c.region = any (foundation.region_and_above(working_number.region))
         order by c.region desc limit 1);
end $$;

-- How many working days of a limit are used: after the start, up to and including the other day.
create function foundation.working_days_between(start date, until date, region text) returns int
    language sql stable parallel safe
    return foundation.working_number(until, region) - foundation.working_number(start, region);

-- Working days left until a limit runs out; negative when it has run out, even where only a weekend
-- lies between.
create function foundation.days_left(due date, today date, region text) returns int
    language sql stable parallel safe
    return case
        when due is null then null  -- A held clock; least() would pass over the null.
        when today <= due then foundation.working_days_between(today, due, region)
        else least(-1, foundation.working_days_between(today, due, region))
    end;
