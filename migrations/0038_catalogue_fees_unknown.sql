-- Whether a service costs something may be unknown: most sources say nothing of it, and "no" would
-- be a promise that nobody has made.

-- squawk-ignore ban-drop-not-null
alter table catalogue.item alter column charged drop not null;
-- What was not charged until now was mostly not said. What search knows does not change by this.
alter table catalogue.item disable trigger follow_update;
update catalogue.item set charged = null where not charged;
alter table catalogue.item enable trigger follow_update;
comment on column catalogue.item.charged is 'Whether it costs something; null: not said.';
