-- transactional: false
-- Whoever watches a unit begins at its instances; timers that were given up are few among many.

create index concurrently instance_of_department on process.instance (department, region, month, id) include (state);
create index concurrently alarm_stopped on process.alarm (due_at, token) where attempts >= 8;
