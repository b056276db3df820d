-- Which list of a unit a work item stands in is told by its row.

alter table process.token add column act text;
comment on column process.token.act is 'The act of another module that completes the step (tongban:act), in whose list it then stands; null: it stands in the worklist.';
