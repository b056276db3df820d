-- transactional: false
-- A worklist is a stretch of an index however many items stand in the lists of other modules, and what
-- is late is found by an index of its own.

create index concurrently token_waiting on process.token (department, role, coalesce(due_at, 'infinity'), id)
    where state = 'work' and act is null;
create index concurrently token_late on process.token (due_at, id) where state = 'work' and due_at is not null;
drop index concurrently process.token_worklist;
