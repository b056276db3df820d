-- Lists of the console at a million services: each ends after a page, along an index in its order.

-- What somebody changes, by who keeps it; few at a time.
create index draft_open_department on catalogue.draft (department, changed_at desc, id)
    where state in ('draft', 'review', 'approved', 'scheduled');
create index draft_open_region on catalogue.draft (region, changed_at desc, id)
    where state in ('draft', 'review', 'approved', 'scheduled');
create index draft_set_department on catalogue.draft (department, set_id) where set_id is not null;
create index draft_set_region on catalogue.draft (region, set_id) where set_id is not null;
create index notice_open_region on catalogue.notice (region, raised_at desc, item_code, source, source_version)
    where settled_at is null;
create index everyday_word_region on catalogue.everyday_word (region, added_at desc, item_code, word);
create index search_miss_worst on catalogue.search_miss
    ((abandoned + reworded + empty) desc, last_on desc, text)
    where settled_at is null and (abandoned > 0 or reworded > 0);

-- Fees by name, and those of one department.
create index fee_name on catalogue.fee (name, item_code, place);
create index fee_department on catalogue.fee (department, name, item_code, place);

-- Few services are put forward, and few cost anything; an import pays for those alone.
create index item_prominent on catalogue.item (region, prominence desc, name, code) where prominence > 0;
create index item_charged on catalogue.item (name, code) where charged and status <> 'cancelled';

-- Findings by place, and sums of a region and of everything, so that nobody adds up thousands of departments.
create index item_lint_region on catalogue.item_lint (region, item_code);
create index lint_day_unit on catalogue.lint_day (department, region, day);
insert into catalogue.lint_day (day, department, region, rule, severity, items)
select day, '', coalesce(region, ''), rule, severity, sum(items)
  from catalogue.lint_day
 group by grouping sets ((day, region, rule, severity), (day, rule, severity));
comment on column catalogue.lint_day.department is 'Empty: the sums of all departments of a region; of everything where the region is empty too.';

-- Whether the lists agree takes seconds to find out over everything: a job does it, the page shows what it found.
create table catalogue.disagreement (
    rule       text not null,
    department text not null,
    region     text not null,
    total      int  not null check (total > 0),
    primary key (rule, department, region)
);
create table catalogue.compared (
    only_one   boolean     primary key default true check (only_one),
    counted_at timestamptz not null
);
comment on table catalogue.disagreement is 'How often each rule between the lists is broken, by department and place, as last compared.';
comment on table catalogue.compared is 'When the lists were compared last; one row.';
grant select, insert, delete on catalogue.disagreement to tongban_app;
grant select, insert, update on catalogue.compared to tongban_app;

-- Counts are taken anew for the places where something was published, not for the whole country.
alter table catalogue.search_change add column region text not null default '';
comment on column catalogue.search_change.region is 'Where; empty if it was not noted.';
create or replace function catalogue.note_new_documents() returns trigger language plpgsql as $$
begin
    insert into catalogue.search_change (document, region)
    select distinct catalogue.document_of(name, parent_name), region from held;
    return null;
end $$;
create or replace function catalogue.note_changed_documents() returns trigger language plpgsql as $$
begin
    insert into catalogue.search_change (document, region)
    select catalogue.document_of(name, parent_name), region from held
    union
    select catalogue.document_of(name, parent_name), region from was;
    return null;
end $$;
