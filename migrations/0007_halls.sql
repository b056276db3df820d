-- Halls where services are handled in person: where they are, when they are open, what is at which window.

create schema halls;
grant usage on schema halls to tongban_app;

create table halls.hall (
    code          text primary key check (code ~ '^[0-9A-Za-z-]{2,32}$'),
    name          text not null check (name <> ''),
    region        text not null references identity.region,
    address       text not null check (address <> ''),
    hours         text not null check (hours <> ''),
    telephone     text not null default '',
    windows       text[] not null default '{}',
    getting_there text not null default '',
    latitude      double precision check (latitude between -90 and 90),
    longitude     double precision check (longitude between -180 and 180),
    open          boolean not null default true,
    check ((latitude is null) = (longitude is null))
);
create index hall_region on halls.hall (region, code) where open;
comment on table halls.hall is 'Public. A hall that is given up stays, so that what names it can still be read.';
grant select, insert, update on halls.hall to tongban_app;
