-- Files that belong to guides: blank forms and samples, which everybody may read and nobody changes.

-- The wider check takes its place in the same transaction.
-- squawk-ignore ban-drop-constraint
alter table documents.file drop constraint file_kind_check;
alter table documents.file add constraint file_kind_check
    check (kind in ('upload', 'result', 'notice', 'guide')) not valid;
alter table documents.file validate constraint file_kind_check;

-- They name the guide as what needs them, so that they are never forgotten: old versions stay readable.
alter table documents.file add constraint file_guide_check
    check (kind <> 'guide' or (holder = '' and case_number = '' and draft <> '')) not valid;
alter table documents.file validate constraint file_guide_check;

create policy reading_guides on documents.file for select using (kind = 'guide');
