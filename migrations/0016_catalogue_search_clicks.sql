-- How often somebody who asked then opened a guide: what is opened was found.

alter table catalogue.search_miss add column clicks int not null default 0;
