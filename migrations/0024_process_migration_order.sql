-- transactional: false
-- The instances of one version in the order in which they are migrated, part by part.

create index concurrently instance_of_definition on process.instance (definition, region, month, id) where state <> 'ended';
drop index concurrently process.instance_definition;
