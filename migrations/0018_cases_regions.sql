-- transactional: false
-- The worklist of a whole region, by desk first: what waits on a desk in a city with all its counties
-- is one stretch of the index, and what row-level security asks of a case stands in it.

create index concurrently case_file_desk_region on cases.case_file (desk, region, order_on, number)
    include (month, department, holder) where desk <> 'none';
drop index concurrently cases.case_file_region_desk;
