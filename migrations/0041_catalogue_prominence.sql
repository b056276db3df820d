-- Those few that are put forward have an index of their own (item_prominent); this one held all others too,
-- and every import paid for it.
-- squawk-ignore require-concurrent-index-deletion
drop index catalogue.item_prominence;
