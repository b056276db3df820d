-- An import publishes, so that another person than the one who uploaded it confirms it.

alter table catalogue.import add column confirmed_by text not null default '';
alter table catalogue.import add column confirmed_name text not null default '';
comment on column catalogue.import.grants is
    'Where the import may go (department, region): what its officer may import and, once it is confirmed, the other one may review.';
