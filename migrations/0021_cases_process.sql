-- Cases run on process definitions. A case names the version that it began with; its instance is found
-- by region, month and serial of its number, so the numbers that the engine gives itself begin above them.

select setval('process.instance_id', greatest(10000000, (select last_value from process.instance_id)));
select setval('process.token_id', greatest(128, (select last_value from process.token_id)));

alter table cases.case_file add column definition bigint;
comment on column cases.case_file.definition is 'The version of the process on which it runs; null for a case older than its item''s process.';

-- A case may wait at a step that is none of the three of the house: then it stands in the worklist of whoever does it.
-- The new check allows all that the old one did, and more.
-- squawk-ignore ban-drop-constraint
alter table cases.case_file drop constraint case_file_step_check;
alter table cases.case_file add constraint case_file_step_check
    check (step in ('handling', 'reviewing', 'approving', 'elsewhere')) not valid;
alter table cases.case_file validate constraint case_file_step_check;

alter table cases.opinion add column step_name text not null default '';
comment on column cases.opinion.step_name is 'What the process calls the step, where it is none of the three of the house.';
alter table cases.opinion add column department text not null default '';
alter table cases.opinion add column answers jsonb;
comment on column cases.opinion.answers is 'What was filled in beside the opinion, by the fields of the step''s form.';
-- The new check allows all that the old one did, and more.
-- squawk-ignore ban-drop-constraint
alter table cases.opinion drop constraint opinion_step_check;
alter table cases.opinion add constraint opinion_step_check
    check (step in ('handling', 'reviewing', 'approving', 'elsewhere')) not valid;
alter table cases.opinion validate constraint opinion_step_check;

-- The new check allows all that the old one did, and more.
-- squawk-ignore ban-drop-constraint
alter table cases.pause drop constraint pause_kind_check;
alter table cases.pause add constraint pause_kind_check
    check (kind in ('hearing', 'bidding', 'auction', 'inspection', 'testing', 'quarantine', 'appraisal',
                    'expert_review', 'site_visit', 'technical_review', 'publication')) not valid;
alter table cases.pause validate constraint pause_kind_check;

alter table cases.pause add column node text not null default '';
comment on column cases.pause.node is 'The step of the process that is the special procedure, and with which it ends; empty where an officer began it.';

create table cases.course (
    item_code  text        primary key,
    process    text        not null,
    definition bigint      not null,
    since      timestamptz not null
);
comment on table cases.course is 'On which process the cases of an item run. The rows * committed and * instant are for items that have none of their own.';
comment on column cases.course.definition is 'The version in force; a new version published replaces it, for the cases that begin then.';
create index course_process on cases.course (process);
grant select, insert, update, delete on cases.course to tongban_app;
