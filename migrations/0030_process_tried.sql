-- Migrations of instances are proposed by one person, tried by the worker, carried out by another.

alter table process.migration add column carried_name text;
alter table process.migration add column carried_at timestamptz;
-- It is put back at once, with two states more.
-- squawk-ignore ban-drop-constraint
alter table process.migration drop constraint migration_state_check;
alter table process.migration add constraint migration_state_check
    check (state in ('trying', 'tried', 'moving', 'moved', 'reverting', 'reverted')) not valid;
alter table process.migration validate constraint migration_state_check;
comment on column process.migration.moved is 'How many were moved; while it is only tried, how many could be.';
comment on column process.migration.carried_name is 'Who let it be carried out: another person than the one who proposed it.';
-- What a dry run found is forgotten when the migration is carried out.
grant delete on process.migrated to tongban_app;
