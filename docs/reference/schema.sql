-- Written by a test from the migrated database. Do not edit.

table cases.case_file -- row security forced
    region text not null
    month integer not null
    number text not null
    item_code text not null
    item_version integer not null
    item_name text not null
    instant boolean not null
    department text not null
    department_name text not null
    holder text not null
    applicant text not null
    acting text not null
    channel text not null
    stage text not null
    step text
    desk text not null
    revision integer not null
    submitted_at timestamp with time zone not null
    materials_complete_at timestamp with time zone not null
    accepted_at timestamp with time zone
    decided_at timestamp with time zone
    delivered_at timestamp with time zone
    closed_at timestamp with time zone
    due_on date
    order_on date not null
    handler text not null
    handler_name text not null
    decision text not null
    reason text not null
    deemed boolean not null
    way text not null
    receiver text not null
    to_correct jsonb not null
    definition bigint
    CHECK (((stage <> ALL (ARRAY['accepted'::text, 'granted'::text, 'refused'::text, 'delivered'::text, 'closed'::text])) OR (accepted_at IS NOT NULL)))
    CHECK (((stage <> ALL (ARRAY['delivered'::text, 'closed'::text])) OR (delivered_at IS NOT NULL)))
    CHECK (((stage <> ALL (ARRAY['granted'::text, 'refused'::text, 'delivered'::text, 'closed'::text])) OR ((decided_at IS NOT NULL) AND (decision <> ''::text))))
    CHECK (((stage = 'accepted'::text) = (step IS NOT NULL)))
    CHECK ((channel = ANY (ARRAY['portal'::text, 'counter'::text])))
    CHECK ((decision = ANY (ARRAY[''::text, 'granted'::text, 'refused'::text])))
    CHECK ((region ~ '^[0-9]{6}$'::text))
    CHECK ((stage = ANY (ARRAY['submitted'::text, 'correcting'::text, 'accepted'::text, 'not_accepted'::text, 'withdrawn'::text, 'deemed_withdrawn'::text, 'granted'::text, 'refused'::text, 'delivered'::text, 'closed'::text])))
    CHECK ((step = ANY (ARRAY['handling'::text, 'reviewing'::text, 'approving'::text, 'elsewhere'::text])))
    PRIMARY KEY (region, month, number)
    CREATE INDEX case_file_delivered ON cases.case_file USING btree (delivered_at) WHERE (stage = 'delivered'::text)
    CREATE INDEX case_file_desk ON cases.case_file USING btree (department, desk, order_on, number) WHERE (desk <> 'none'::text)
    CREATE INDEX case_file_desk_region ON cases.case_file USING btree (desk, region, order_on, number) INCLUDE (month, department, holder) WHERE (desk <> 'none'::text)
    CREATE INDEX case_file_holder ON cases.case_file USING btree (holder, submitted_at DESC, number DESC)
    policy changing for w using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR (holder = ANY (( SELECT foundation.holders() AS holders)::text[])) OR (department = ANY (( SELECT foundation.departments() AS departments)::text[])) OR ((( SELECT foundation.kind() AS kind) = 'officer'::text) AND (region ~~ ANY (( SELECT foundation.regions() AS regions)::text[])))) check 
    policy opening for a using check ((( SELECT foundation.kind() AS kind) = 'system'::text) OR (holder = ANY (( SELECT foundation.holders() AS holders)::text[])) OR (department = ANY (( SELECT foundation.departments() AS departments)::text[])) OR ((( SELECT foundation.kind() AS kind) = 'officer'::text) AND (region ~~ ANY (( SELECT foundation.regions() AS regions)::text[]))))
    policy seeing for r using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR (holder = ANY (( SELECT foundation.holders() AS holders)::text[])) OR (department = ANY (( SELECT foundation.departments() AS departments)::text[])) OR ((( SELECT foundation.kind() AS kind) = 'officer'::text) AND (region ~~ ANY (( SELECT foundation.regions() AS regions)::text[]))) OR (number = ( SELECT foundation.subject() AS subject))) check 
    grant insert, select, update to tongban_app

table cases.clock -- row security forced
    region text not null
    month integer not null
    number text not null
    kind text not null
    turn integer not null
    started_on date not null
    amount integer not null
    unit text not null
    counted_from date not null
    workdays integer not null
    extended integer not null
    due_on date
    calendar_version integer not null
    provisional boolean not null
    basis text not null
    state text not null
    ended_at timestamp with time zone
    CHECK (((state = 'running'::text) <= (due_on IS NOT NULL)))
    CHECK (((state = ANY (ARRAY['running'::text, 'paused'::text])) = (ended_at IS NULL)))
    CHECK ((kind = ANY (ARRAY['notice'::text, 'correction'::text, 'statutory'::text, 'promised'::text, 'delivery'::text])))
    CHECK ((state = ANY (ARRAY['running'::text, 'paused'::text, 'met'::text, 'late'::text, 'stopped'::text])))
    CHECK ((unit = ANY (ARRAY['workday'::text, 'day'::text, 'hour'::text, 'minute'::text, 'month'::text])))
    FOREIGN KEY (region, month, number) REFERENCES cases.case_file(region, month, number)
    PRIMARY KEY (region, month, number, kind, turn)
    CREATE INDEX clock_running ON cases.clock USING btree (due_on, kind) WHERE (state = 'running'::text)
    policy adding for a using check (( SELECT foundation.kind() AS kind) IS NOT NULL)
    policy changing for w using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR ((( SELECT foundation.kind() AS kind) = ANY (ARRAY['person'::text, 'officer'::text])) AND (EXISTS ( SELECT FROM cases.case_file c WHERE ((c.region = clock.region) AND (c.month = clock.month) AND (c.number = clock.number)))))) check 
    policy seeing for r using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR (EXISTS ( SELECT FROM cases.case_file c WHERE ((c.region = clock.region) AND (c.month = clock.month) AND (c.number = clock.number))))) check 
    grant insert, select, update to tongban_app

table cases.code_attempt -- row security forced
    id bigint not null
    number text not null
    at timestamp with time zone not null
    PRIMARY KEY (id)
    CREATE INDEX code_attempt_number ON cases.code_attempt USING btree (number, at)
    policy system_only for * using (( SELECT foundation.kind() AS kind) = 'system'::text) check (( SELECT foundation.kind() AS kind) = 'system'::text)
    grant delete, insert, select to tongban_app

table cases.course
    item_code text not null
    process text not null
    definition bigint not null
    since timestamp with time zone not null
    PRIMARY KEY (item_code)
    CREATE INDEX course_process ON cases.course USING btree (process)
    grant delete, insert, select, update to tongban_app

table cases.draft -- row security forced
    holder text not null
    item_code text not null
    item_version integer not null
    item_name text not null
    sealed bytea not null
    materials jsonb not null
    begun_at timestamp with time zone not null
    saved_at timestamp with time zone not null
    PRIMARY KEY (holder, item_code)
    CREATE INDEX draft_age ON cases.draft USING btree (saved_at)
    policy own for * using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR (holder = ANY (( SELECT foundation.holders() AS holders)::text[]))) check ((( SELECT foundation.kind() AS kind) = 'system'::text) OR (holder = ANY (( SELECT foundation.holders() AS holders)::text[])))
    grant delete, insert, select, update to tongban_app

table cases.due_date_change -- row security forced
    region text not null
    month integer not null
    number text not null
    kind text not null
    turn integer not null
    before date not null
    after date not null
    calendar_version integer not null
    changed_at timestamp with time zone not null
    PRIMARY KEY (region, month, number, kind, turn, changed_at)
    CREATE INDEX due_date_change_latest ON cases.due_date_change USING brin (changed_at)
    policy adding for a using check (( SELECT foundation.kind() AS kind) = 'system'::text)
    policy seeing for r using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR (EXISTS ( SELECT FROM cases.case_file c WHERE ((c.region = due_date_change.region) AND (c.month = due_date_change.month) AND (c.number = due_date_change.number))))) check 
    grant insert, select to tongban_app

table cases.instant -- row security forced
    region text not null
    month integer not null
    number text not null
    granted boolean not null
    why text not null
    reasons jsonb not null
    evaluation uuid
    rule_set_code text not null
    rule_version integer not null
    FOREIGN KEY (region, month, number) REFERENCES cases.case_file(region, month, number)
    PRIMARY KEY (region, month, number)
    policy adding for a using check (( SELECT foundation.kind() AS kind) = 'system'::text)
    policy seeing for r using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR ((( SELECT foundation.kind() AS kind) = ANY (ARRAY['person'::text, 'officer'::text])) AND (EXISTS ( SELECT FROM cases.case_file c WHERE ((c.region = instant.region) AND (c.month = instant.month) AND (c.number = instant.number)))))) check 
    grant insert, select to tongban_app

table cases.material -- row security forced
    region text not null
    month integer not null
    number text not null
    key text not null
    position integer not null
    name text not null
    need text not null
    exempt boolean not null
    files uuid[] not null
    state text not null
    note text not null
    CHECK ((state = ANY (ARRAY['provided'::text, 'missing'::text, 'to_correct'::text, 'checked'::text])))
    FOREIGN KEY (region, month, number) REFERENCES cases.case_file(region, month, number)
    PRIMARY KEY (region, month, number, key)
    policy adding for a using check (( SELECT foundation.kind() AS kind) IS NOT NULL)
    policy changing for w using ((( SELECT foundation.kind() AS kind) = ANY (ARRAY['system'::text, 'person'::text, 'officer'::text])) AND (EXISTS ( SELECT FROM cases.case_file c WHERE ((c.region = material.region) AND (c.month = material.month) AND (c.number = material.number))))) check 
    policy seeing for r using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR (EXISTS ( SELECT FROM cases.case_file c WHERE ((c.region = material.region) AND (c.month = material.month) AND (c.number = material.number))))) check 
    grant insert, select, update to tongban_app

table cases.opinion -- row security forced
    region text not null
    month integer not null
    number text not null
    turn integer not null
    step text not null
    officer text not null
    officer_name text not null
    agree boolean not null
    opinion text not null
    given_at timestamp with time zone not null
    step_name text not null
    department text not null
    answers jsonb
    CHECK ((step = ANY (ARRAY['handling'::text, 'reviewing'::text, 'approving'::text, 'elsewhere'::text])))
    FOREIGN KEY (region, month, number) REFERENCES cases.case_file(region, month, number)
    PRIMARY KEY (region, month, number, turn)
    CREATE INDEX opinion_officer ON cases.opinion USING btree (officer, given_at DESC, number DESC)
    policy adding for a using check (( SELECT foundation.kind() AS kind) = ANY (ARRAY['system'::text, 'officer'::text]))
    policy seeing for r using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR ((( SELECT foundation.kind() AS kind) = 'officer'::text) AND (EXISTS ( SELECT FROM cases.case_file c WHERE ((c.region = opinion.region) AND (c.month = opinion.month) AND (c.number = opinion.number)))))) check 
    grant insert, select to tongban_app

table cases.pause -- row security forced
    region text not null
    month integer not null
    number text not null
    turn integer not null
    kind text not null
    begun_on date not null
    ended_on date
    days_needed integer not null
    note text not null
    node text not null
    CHECK ((kind = ANY (ARRAY['hearing'::text, 'bidding'::text, 'auction'::text, 'inspection'::text, 'testing'::text, 'quarantine'::text, 'appraisal'::text, 'expert_review'::text, 'site_visit'::text, 'technical_review'::text, 'publication'::text])))
    FOREIGN KEY (region, month, number) REFERENCES cases.case_file(region, month, number)
    PRIMARY KEY (region, month, number, turn)
    policy adding for a using check (( SELECT foundation.kind() AS kind) = ANY (ARRAY['system'::text, 'officer'::text]))
    policy changing for w using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR ((( SELECT foundation.kind() AS kind) = ANY (ARRAY['person'::text, 'officer'::text])) AND (EXISTS ( SELECT FROM cases.case_file c WHERE ((c.region = pause.region) AND (c.month = pause.month) AND (c.number = pause.number)))))) check 
    policy seeing for r using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR (EXISTS ( SELECT FROM cases.case_file c WHERE ((c.region = pause.region) AND (c.month = pause.month) AND (c.number = pause.number))))) check 
    grant insert, select, update to tongban_app

table cases.private -- row security forced
    region text not null
    month integer not null
    number text not null
    sealed bytea not null
    code_hash bytea not null
    FOREIGN KEY (region, month, number) REFERENCES cases.case_file(region, month, number)
    PRIMARY KEY (region, month, number)
    policy adding for a using check (( SELECT foundation.kind() AS kind) IS NOT NULL)
    policy changing for w using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR ((( SELECT foundation.kind() AS kind) = ANY (ARRAY['person'::text, 'officer'::text])) AND (EXISTS ( SELECT FROM cases.case_file c WHERE ((c.region = private.region) AND (c.month = private.month) AND (c.number = private.number)))))) check 
    policy seeing for r using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR ((( SELECT foundation.kind() AS kind) = ANY (ARRAY['person'::text, 'officer'::text])) AND (EXISTS ( SELECT FROM cases.case_file c WHERE ((c.region = private.region) AND (c.month = private.month) AND (c.number = private.number)))))) check 
    grant insert, select, update to tongban_app

table cases.risk -- row security forced
    region text not null
    month integer not null
    number text not null
    risk text not null
    level text not null
    advice text not null
    at text not null
    noticed_at timestamp with time zone not null
    CHECK ((at = ANY (ARRAY['submitted'::text, 'accepted'::text])))
    FOREIGN KEY (region, month, number) REFERENCES cases.case_file(region, month, number)
    PRIMARY KEY (region, month, number, risk)
    policy adding for a using check (( SELECT foundation.kind() AS kind) = 'system'::text)
    policy seeing for r using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR ((( SELECT foundation.kind() AS kind) = 'officer'::text) AND (EXISTS ( SELECT FROM cases.case_file c WHERE ((c.region = risk.region) AND (c.month = risk.month) AND (c.number = risk.number)))))) check 
    grant insert, select to tongban_app

table cases.scenario -- row security forced
    region text not null
    month integer not null
    number text not null
    evaluation uuid
    rule_set_code text not null
    rule_version integer not null
    needed text[] not null
    not_needed text[] not null
    fee bigint
    notes text[] not null
    CHECK ((fee >= 0))
    FOREIGN KEY (region, month, number) REFERENCES cases.case_file(region, month, number)
    PRIMARY KEY (region, month, number)
    policy adding for a using check (( SELECT foundation.kind() AS kind) IS NOT NULL)
    policy seeing for r using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR (EXISTS ( SELECT FROM cases.case_file c WHERE ((c.region = scenario.region) AND (c.month = scenario.month) AND (c.number = scenario.number))))) check 
    grant insert, select to tongban_app

table catalogue.assignment
    item_code text not null
    officer text not null
    officer_name text not null
    assigned_by text not null
    assigned_name text not null
    assigned_at timestamp with time zone not null
    FOREIGN KEY (item_code) REFERENCES catalogue.item(code)
    PRIMARY KEY (item_code)
    CREATE INDEX assignment_officer ON catalogue.assignment USING btree (officer, item_code)
    grant delete, insert, select, update to tongban_app

table catalogue.compared
    only_one boolean not null
    counted_at timestamp with time zone not null
    CHECK (only_one)
    PRIMARY KEY (only_one)
    grant insert, select, update to tongban_app

table catalogue.disagreement
    rule text not null
    department text not null
    region text not null
    total integer not null
    CHECK ((total > 0))
    PRIMARY KEY (rule, department, region)
    grant delete, insert, select to tongban_app

table catalogue.draft
    id uuid not null
    item_code text not null
    based_on integer not null
    state text not null
    name text not null
    department text not null
    region text not null
    content json not null
    revision integer not null
    authors text[] not null
    changed_by text not null
    changed_name text not null
    changed_at timestamp with time zone not null
    change_note text not null
    reviewer text not null
    reviewer_name text not null
    reviewed_at timestamp with time zone
    publisher text not null
    publisher_name text not null
    effective_from date
    published_version integer
    reason text not null
    set_id uuid
    CHECK (((NOT (authors @> ARRAY[reviewer])) AND (NOT (authors @> ARRAY[publisher]))))
    CHECK (((length(item_code) >= 1) AND (length(item_code) <= 100)))
    CHECK (((state <> ALL (ARRAY['approved'::text, 'scheduled'::text, 'published'::text])) OR (reviewer <> ''::text)))
    CHECK ((based_on >= 0))
    CHECK ((revision > 0))
    CHECK ((state = ANY (ARRAY['draft'::text, 'review'::text, 'approved'::text, 'scheduled'::text, 'published'::text, 'withdrawn'::text])))
    FOREIGN KEY (set_id) REFERENCES catalogue.draft_set(id)
    PRIMARY KEY (id)
    CREATE INDEX draft_due ON catalogue.draft USING btree (effective_from) WHERE (state = 'scheduled'::text)
    CREATE INDEX draft_item ON catalogue.draft USING btree (item_code, changed_at DESC)
    CREATE INDEX draft_open_department ON catalogue.draft USING btree (department, changed_at DESC, id) WHERE (state = ANY (ARRAY['draft'::text, 'review'::text, 'approved'::text, 'scheduled'::text]))
    CREATE INDEX draft_open_region ON catalogue.draft USING btree (region, changed_at DESC, id) WHERE (state = ANY (ARRAY['draft'::text, 'review'::text, 'approved'::text, 'scheduled'::text]))
    CREATE INDEX draft_set_department ON catalogue.draft USING btree (department, set_id) WHERE (set_id IS NOT NULL)
    CREATE INDEX draft_set_id ON catalogue.draft USING btree (set_id, name, id) WHERE (set_id IS NOT NULL)
    CREATE INDEX draft_set_region ON catalogue.draft USING btree (region, set_id) WHERE (set_id IS NOT NULL)
    CREATE INDEX draft_state ON catalogue.draft USING btree (state, changed_at DESC, id)
    CREATE UNIQUE INDEX draft_open ON catalogue.draft USING btree (item_code) WHERE (state = ANY (ARRAY['draft'::text, 'review'::text, 'approved'::text, 'scheduled'::text]))
    grant insert, select, update to tongban_app

table catalogue.draft_comment
    draft uuid not null
    place integer not null
    field text not null
    text text not null
    author text not null
    author_name text not null
    written_at timestamp with time zone not null
    CHECK (((length(text) >= 1) AND (length(text) <= 4000)))
    FOREIGN KEY (draft) REFERENCES catalogue.draft(id)
    PRIMARY KEY (draft, place)
    grant insert, select to tongban_app

table catalogue.draft_set
    id uuid not null
    field text not null
    told text not null
    state text not null
    author text not null
    author_name text not null
    begun_at timestamp with time zone not null
    reviewer text not null
    reviewer_name text not null
    reviewed_at timestamp with time zone
    comment text not null
    left_alone integer not null
    CHECK (((length(told) >= 1) AND (length(told) <= 4000)))
    CHECK (((state = ANY (ARRAY['review'::text, 'sent_back'::text])) OR ((reviewer <> ''::text) AND (reviewer <> author))))
    CHECK ((state = ANY (ARRAY['review'::text, 'published'::text, 'sent_back'::text, 'undone'::text])))
    PRIMARY KEY (id)
    CREATE INDEX draft_set_begun ON catalogue.draft_set USING btree (begun_at DESC, id)
    grant insert, select, update to tongban_app

table catalogue.entry
    list text not null
    code text not null
    version integer not null
    content_hash bytea not null
    name text not null
    kind text not null
    department text not null
    department_name text not null
    region text not null
    refers text[] not null
    status text not null
    words text[] not null
    grams text[] not null
    content json not null
    published_at timestamp with time zone not null
    CHECK (((length(code) >= 1) AND (length(code) <= 100)))
    CHECK (((length(name) >= 1) AND (length(name) <= 1000)))
    CHECK ((list = ANY (ARRAY['directory'::text, 'power'::text, 'duty'::text, 'negative'::text, 'intermediary'::text, 'material'::text])))
    CHECK ((status = ANY (ARRAY['published'::text, 'suspended'::text, 'cancelled'::text])))
    CHECK ((version > 0))
    PRIMARY KEY (list, code)
    CREATE INDEX entry_department ON catalogue.entry USING btree (list, department, name, code)
    CREATE INDEX entry_grams ON catalogue.entry USING gin (grams)
    CREATE INDEX entry_name ON catalogue.entry USING btree (list, name, code)
    CREATE INDEX entry_refers ON catalogue.entry USING gin (refers)
    CREATE INDEX entry_words ON catalogue.entry USING gin (words)
    grant insert, select, update to tongban_app

table catalogue.entry_draft
    id uuid not null
    list text not null
    code text not null
    based_on integer not null
    state text not null
    name text not null
    department text not null
    region text not null
    content json not null
    revision integer not null
    authors text[] not null
    changed_name text not null
    changed_at timestamp with time zone not null
    change_note text not null
    reviewer text not null
    reviewer_name text not null
    reviewed_at timestamp with time zone
    published_version integer
    reason text not null
    CHECK (((length(code) >= 1) AND (length(code) <= 100)))
    CHECK (((state <> 'published'::text) OR (reviewer <> ''::text)))
    CHECK ((NOT (authors @> ARRAY[reviewer])))
    CHECK ((based_on >= 0))
    CHECK ((revision > 0))
    CHECK ((state = ANY (ARRAY['draft'::text, 'review'::text, 'published'::text, 'withdrawn'::text])))
    PRIMARY KEY (id)
    CREATE INDEX entry_draft_state ON catalogue.entry_draft USING btree (changed_at DESC, id) WHERE (state = ANY (ARRAY['draft'::text, 'review'::text]))
    CREATE UNIQUE INDEX entry_draft_open ON catalogue.entry_draft USING btree (list, code) WHERE (state = ANY (ARRAY['draft'::text, 'review'::text]))
    grant insert, select, update to tongban_app

table catalogue.entry_version
    list text not null
    code text not null
    version integer not null
    content json not null
    content_hash bytea not null
    effective_from date not null
    published_at timestamp with time zone not null
    published_by text not null
    change_note text not null
    FOREIGN KEY (list, code) REFERENCES catalogue.entry(list, code)
    PRIMARY KEY (list, code, version)
    grant insert, select to tongban_app

table catalogue.everyday_word
    item_code text not null
    word text not null
    source text not null
    department text not null
    department_name text not null
    region text not null
    added_by text not null
    added_name text not null
    added_at timestamp with time zone not null
    CHECK (((length(word) >= 1) AND (length(word) <= 40)))
    CHECK ((source = ANY (ARRAY['department'::text, 'search'::text, 'hotline'::text, 'national'::text, 'official'::text])))
    FOREIGN KEY (item_code) REFERENCES catalogue.item(code)
    PRIMARY KEY (item_code, word)
    CREATE INDEX everyday_word_department ON catalogue.everyday_word USING btree (department, item_code, word)
    CREATE INDEX everyday_word_region ON catalogue.everyday_word USING btree (region, added_at DESC, item_code, word)
    grant delete, insert, select to tongban_app

table catalogue.exchange_batch
    id bigint not null
    number text not null
    made_at timestamp with time zone not null
    made_by text not null
    items integer not null
    rows integer not null
    held_back integer not null
    PRIMARY KEY (id)
    UNIQUE (number)
    grant insert, select to tongban_app

table catalogue.exchange_flaw
    list text not null
    item_code text not null
    version integer not null
    name text not null
    department text not null
    region text not null
    whole boolean not null
    flaws jsonb not null
    found_at timestamp with time zone not null
    CHECK ((list = ANY (ARRAY['item'::text, 'directory'::text])))
    PRIMARY KEY (list, item_code)
    CREATE INDEX exchange_flaw_department ON catalogue.exchange_flaw USING btree (department, region, list, item_code)
    CREATE INDEX exchange_flaw_region ON catalogue.exchange_flaw USING btree (region, list, item_code)
    grant delete, insert, select, update to tongban_app

table catalogue.exchange_held
    row_guid uuid not null
    table_name text not null
    item_code text not null
    fields jsonb not null
    PRIMARY KEY (row_guid)
    CREATE INDEX exchange_held_item ON catalogue.exchange_held USING btree (item_code)
    grant delete, insert, select, update to tongban_app

table catalogue.exchange_item
    item_code text not null
    version integer not null
    list text not null
    due integer not null
    CHECK ((list = ANY (ARRAY['item'::text, 'directory'::text])))
    PRIMARY KEY (list, item_code)
    CREATE INDEX exchange_item_due ON catalogue.exchange_item USING btree (list, item_code) WHERE (due <> version)
    grant insert, select, update to tongban_app

table catalogue.exchange_refusal
    id bigint not null
    row_guid uuid not null
    batch text not null
    table_name text not null
    cd_operation text not null
    item_code text not null
    item_version integer not null
    item_name text not null
    department text not null
    region text not null
    field text not null
    reason text not null
    received_at timestamp with time zone not null
    settled_batch text not null
    PRIMARY KEY (id)
    UNIQUE (row_guid, batch, field, reason)
    CREATE INDEX exchange_refusal_department ON catalogue.exchange_refusal USING btree (department, region COLLATE "C", item_code, id) WHERE (settled_batch = ''::text)
    CREATE INDEX exchange_refusal_item ON catalogue.exchange_refusal USING btree (item_code) WHERE (settled_batch = ''::text)
    CREATE INDEX exchange_refusal_region ON catalogue.exchange_refusal USING btree (region COLLATE "C", item_code, id) WHERE (settled_batch = ''::text)
    grant insert, select, update to tongban_app

table catalogue.exchange_return
    id bigint not null
    row_guid text not null
    field text not null
    reason text not null
    returned_at timestamp with time zone not null
    PRIMARY KEY (id)
    grant delete, insert, select to tongban_app

table catalogue.exchange_row
    batch text not null
    row_guid uuid not null
    table_name text not null
    cd_operation text not null
    cd_time timestamp with time zone not null
    data_source text not null
    item_code text not null
    item_version integer not null
    fields jsonb not null
    CHECK ((cd_operation = ANY (ARRAY['I'::text, 'U'::text, 'D'::text])))
    FOREIGN KEY (batch) REFERENCES catalogue.exchange_batch(number) DEFERRABLE INITIALLY DEFERRED
    PRIMARY KEY (batch, row_guid)
    CREATE INDEX exchange_row_guid ON catalogue.exchange_row USING btree (row_guid, batch DESC)
    grant insert, select to tongban_app

table catalogue.fee
    item_code text not null
    place integer not null
    name text not null
    standard text not null
    amount bigint
    basis text not null
    remission text not null
    department text not null
    region text not null
    CHECK ((amount >= 0))
    CHECK ((place > 0))
    FOREIGN KEY (item_code) REFERENCES catalogue.item(code)
    PRIMARY KEY (item_code, place)
    CREATE INDEX fee_department ON catalogue.fee USING btree (department, name, item_code, place)
    CREATE INDEX fee_name ON catalogue.fee USING btree (name, item_code, place)
    CREATE INDEX fee_region ON catalogue.fee USING btree (region, name, item_code, place)
    grant delete, insert, select, update to tongban_app

table catalogue.import
    id bigint not null
    file text not null
    format text not null
    mapping text not null
    content bytea
    state text not null
    preview jsonb
    problem text not null
    entries integer not null
    read integer not null
    accepted integer not null
    unchanged integer not null
    rejected integer not null
    doubts jsonb not null
    started_by text not null
    started_name text not null
    started_at timestamp with time zone not null
    grants jsonb not null
    finished_at timestamp with time zone
    undone_by text not null
    undone_name text not null
    undone_at timestamp with time zone
    left_alone integer not null
    confirmed_by text not null
    confirmed_name text not null
    CHECK ((state = ANY (ARRAY['checking'::text, 'checked'::text, 'running'::text, 'done'::text, 'failed'::text, 'undone'::text])))
    PRIMARY KEY (id)
    grant insert, select, update to tongban_app

table catalogue.import_change
    import bigint not null
    item_code text not null
    version integer not null
    FOREIGN KEY (import) REFERENCES catalogue.import(id)
    PRIMARY KEY (import, item_code)
    grant insert, select to tongban_app

table catalogue.import_reject
    import bigint not null
    line integer not null
    told jsonb not null
    FOREIGN KEY (import) REFERENCES catalogue.import(id)
    PRIMARY KEY (import, line)
    grant delete, insert, select to tongban_app

table catalogue.item
    code text not null
    version integer not null
    content_hash bytea not null
    name text not null
    parent_name text not null
    short_name text not null
    summary text not null
    kind text not null
    kind_name text not null
    audience text not null
    department text not null
    department_name text not null
    region text not null
    region_name text not null
    handling text not null
    promised_amount integer
    promised_unit text
    visits integer
    online_apply boolean not null
    charged boolean
    themes text[] not null
    prominence integer not null
    status text not null
    words text[] not null
    published_at timestamp with time zone not null
    base_code text not null
    power text not null
    main_item text not null
    action text not null
    inherits text not null
    lists text[] not null
    standard_materials text[] not null
    CHECK (((length(code) >= 1) AND (length(code) <= 100)))
    CHECK (((length(name) >= 1) AND (length(name) <= 500)))
    CHECK ((audience = ANY (ARRAY['person'::text, 'business'::text, 'both'::text])))
    CHECK ((handling = ANY (ARRAY['instant'::text, 'committed'::text])))
    CHECK ((status = ANY (ARRAY['published'::text, 'suspended'::text, 'cancelled'::text])))
    CHECK ((version > 0))
    PRIMARY KEY (code)
    CREATE INDEX item_base_code ON catalogue.item USING btree (base_code, region, code) WHERE (base_code <> ''::text)
    CREATE INDEX item_charged ON catalogue.item USING btree (name, code) WHERE (charged AND (status <> 'cancelled'::text))
    CREATE INDEX item_department ON catalogue.item USING btree (department, name, code)
    CREATE INDEX item_document ON catalogue.item USING btree (catalogue.document_of(name, parent_name), region, code)
    CREATE INDEX item_inherits ON catalogue.item USING btree (inherits, code) WHERE (inherits <> ''::text)
    CREATE INDEX item_kind ON catalogue.item USING btree (kind, name, code)
    CREATE INDEX item_lists ON catalogue.item USING gin (lists)
    CREATE INDEX item_main_item ON catalogue.item USING btree (main_item, code) WHERE (main_item <> ''::text)
    CREATE INDEX item_name ON catalogue.item USING btree (name, code)
    CREATE INDEX item_power ON catalogue.item USING btree (power, code) WHERE (power <> ''::text)
    CREATE INDEX item_prominent ON catalogue.item USING btree (region, prominence DESC, name, code) WHERE (prominence > 0)
    CREATE INDEX item_region ON catalogue.item USING btree (region, name, code)
    CREATE INDEX item_standard_materials ON catalogue.item USING gin (standard_materials)
    CREATE INDEX item_themes ON catalogue.item USING gin (themes)
    CREATE INDEX item_words ON catalogue.item USING gin (words)
    grant insert, select, update to tongban_app

table catalogue.item_lint
    item_code text not null
    version integer not null
    department text not null
    region text not null
    rules text[] not null
    errors integer not null
    warnings integer not null
    hints integer not null
    linted_at timestamp with time zone not null
    FOREIGN KEY (item_code) REFERENCES catalogue.item(code)
    PRIMARY KEY (item_code)
    CREATE INDEX item_lint_department ON catalogue.item_lint USING btree (department, item_code)
    CREATE INDEX item_lint_region ON catalogue.item_lint USING btree (region, item_code)
    CREATE INDEX item_lint_rules ON catalogue.item_lint USING gin (rules)
    grant delete, insert, select, update to tongban_app

table catalogue.item_version
    item_code text not null
    version integer not null
    content json not null
    content_hash bytea not null
    effective_from date not null
    published_at timestamp with time zone not null
    published_by text not null
    inherits text not null
    inherits_version integer not null
    change_note text not null
    FOREIGN KEY (item_code) REFERENCES catalogue.item(code)
    PRIMARY KEY (item_code, version)
    grant insert, select to tongban_app

table catalogue.lint_day
    day date not null
    department text not null
    region text not null
    rule text not null
    severity text not null
    items integer not null
    PRIMARY KEY (day, department, region, rule, severity)
    CREATE INDEX lint_day_unit ON catalogue.lint_day USING btree (department, region, day)
    grant delete, insert, select, update to tongban_app

table catalogue.naming
    key bigint not null
    document bigint
    department text
    grams text[] not null
    CHECK (((document IS NULL) <> (department IS NULL)))
    PRIMARY KEY (key)
    CREATE INDEX naming_grams ON catalogue.naming USING gin (grams)
    grant insert, select to tongban_app

table catalogue.notice
    item_code text not null
    source text not null
    source_version integer not null
    source_name text not null
    department text not null
    region text not null
    raised_at timestamp with time zone not null
    settled_at timestamp with time zone
    settled_name text not null
    FOREIGN KEY (item_code) REFERENCES catalogue.item(code)
    PRIMARY KEY (item_code, source, source_version)
    CREATE INDEX notice_open ON catalogue.notice USING btree (department, raised_at DESC) WHERE (settled_at IS NULL)
    CREATE INDEX notice_open_region ON catalogue.notice USING btree (region, raised_at DESC, item_code, source, source_version) WHERE (settled_at IS NULL)
    grant insert, select, update to tongban_app

table catalogue.search_change
    changed xid8 not null
    document bigint not null
    at timestamp with time zone not null
    region text not null
    CREATE INDEX search_change_at ON catalogue.search_change USING brin (at)
    CREATE INDEX search_change_changed ON catalogue.search_change USING btree (changed)
    grant delete, insert, select to tongban_app

table catalogue.search_miss
    text text not null
    searches integer not null
    abandoned integer not null
    reworded integer not null
    empty integer not null
    instead text not null
    chosen text not null
    first_on date not null
    last_on date not null
    settled_at timestamp with time zone
    CHECK (((length(text) >= 2) AND (length(text) <= 40)))
    PRIMARY KEY (text)
    CREATE INDEX search_miss_open ON catalogue.search_miss USING btree (last_on DESC, text) WHERE (settled_at IS NULL)
    CREATE INDEX search_miss_worst ON catalogue.search_miss USING btree ((((abandoned + reworded) + empty)) DESC, last_on DESC, text) WHERE ((settled_at IS NULL) AND ((abandoned > 0) OR (reworded > 0)))
    grant delete, insert, select, update to tongban_app

table catalogue.withdrawal
    item_code text not null
    withdrawn_from date not null
    reason text not null
    asked_by text not null
    asked_name text not null
    asked_at timestamp with time zone not null
    done_at timestamp with time zone
    CHECK (((length(reason) >= 1) AND (length(reason) <= 2000)))
    FOREIGN KEY (item_code) REFERENCES catalogue.item(code)
    PRIMARY KEY (item_code)
    CREATE INDEX withdrawal_due ON catalogue.withdrawal USING btree (withdrawn_from) WHERE (done_at IS NULL)
    grant delete, insert, select, update to tongban_app

table catalogue.zone
    code text not null
    kind text not null
    title text not null
    card text not null
    place integer not null
    items text[] not null
    audience text not null
    department text not null
    theme text not null
    words text[] not null
    region text not null
    published_from date
    published_until date
    changed_by text not null
    changed_name text not null
    changed_at timestamp with time zone not null
    CHECK (((length(title) >= 1) AND (length(title) <= 100)))
    CHECK (((published_until IS NULL) OR ((published_from IS NOT NULL) AND (published_until >= published_from))))
    CHECK ((code ~ '^[a-z0-9][a-z0-9-]{0,39}$'::text))
    CHECK ((kind = ANY (ARRAY['zone'::text, 'life_event'::text, 'stage'::text])))
    CHECK ((length(card) <= 300))
    PRIMARY KEY (code)
    CREATE INDEX zone_kind ON catalogue.zone USING btree (kind, place, code)
    grant delete, insert, select, update to tongban_app

table documents.content -- row security forced
    sha256 bytea not null
    bytes bytea not null
    sealed boolean not null
    CHECK ((length(bytes) > 0))
    CHECK ((length(sha256) = 32))
    PRIMARY KEY (sha256)
    policy adding for a using check (( SELECT foundation.kind() AS kind) = ANY (ARRAY['person'::text, 'officer'::text, 'system'::text]))
    policy forgetting for d using (( SELECT foundation.kind() AS kind) = 'system'::text) check 
    policy reading for r using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR (EXISTS ( SELECT FROM documents.file WHERE (file.sha256 = content.sha256)))) check 
    grant delete, insert, select to tongban_app

table documents.counter
    department text not null
    template text not null
    year integer not null
    last integer not null
    PRIMARY KEY (department, template, year)
    grant insert, select, update to tongban_app

table documents.file -- row security forced
    id uuid not null
    sha256 bytea not null
    name text not null
    media_type text not null
    size bigint not null
    kind text not null
    title text not null
    template text not null
    number text not null
    holder text not null
    department text not null
    region text not null
    case_number text not null
    draft text not null
    unused_since timestamp with time zone
    created_at timestamp with time zone not null
    created_by text not null
    CHECK (((kind <> 'guide'::text) OR ((holder = ''::text) AND (case_number = ''::text) AND (draft <> ''::text))))
    CHECK (((kind = 'notice'::text) = (number <> ''::text)))
    CHECK (((length(name) >= 1) AND (length(name) <= 200)))
    CHECK (((unused_since IS NULL) = ((case_number <> ''::text) OR (draft <> ''::text))))
    CHECK ((kind = ANY (ARRAY['upload'::text, 'result'::text, 'notice'::text, 'guide'::text])))
    CHECK ((size > 0))
    FOREIGN KEY (sha256) REFERENCES documents.content(sha256)
    PRIMARY KEY (id)
    CREATE INDEX file_case ON documents.file USING btree (case_number, created_at) WHERE (case_number <> ''::text)
    CREATE INDEX file_draft ON documents.file USING btree (draft) WHERE (draft <> ''::text)
    CREATE INDEX file_sha256 ON documents.file USING btree (sha256)
    CREATE INDEX file_unused ON documents.file USING btree (unused_since) WHERE (unused_since IS NOT NULL)
    CREATE UNIQUE INDEX file_number ON documents.file USING btree (department, number) WHERE (number <> ''::text)
    policy adding for a using check ((( SELECT foundation.kind() AS kind) = 'system'::text) OR ((holder <> ''::text) AND (holder = ANY (( SELECT foundation.holders() AS holders)::text[]))) OR ((( SELECT foundation.kind() AS kind) = 'officer'::text) AND (created_by = ( SELECT documents.actor() AS actor)) AND ((department = ''::text) OR (department = ANY (( SELECT foundation.departments() AS departments)::text[])) OR (region ~~ ANY (( SELECT foundation.regions() AS regions)::text[])))))
    policy attaching for w using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR ((holder <> ''::text) AND (holder = ANY (( SELECT foundation.holders() AS holders)::text[]))) OR ((department <> ''::text) AND (department = ANY (( SELECT foundation.departments() AS departments)::text[]))) OR ((( SELECT foundation.kind() AS kind) = 'officer'::text) AND (region <> ''::text) AND (region ~~ ANY (( SELECT foundation.regions() AS regions)::text[]))) OR ((( SELECT foundation.kind() AS kind) = 'officer'::text) AND (case_number = ''::text) AND (created_by = ( SELECT documents.actor() AS actor)))) check 
    policy forgetting for d using (( SELECT foundation.kind() AS kind) = 'system'::text) check 
    policy reading for r using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR ((holder <> ''::text) AND (holder = ANY (( SELECT foundation.holders() AS holders)::text[]))) OR ((department <> ''::text) AND (department = ANY (( SELECT foundation.departments() AS departments)::text[]))) OR ((( SELECT foundation.kind() AS kind) = 'officer'::text) AND (region <> ''::text) AND (region ~~ ANY (( SELECT foundation.regions() AS regions)::text[]))) OR ((( SELECT foundation.kind() AS kind) = 'officer'::text) AND (case_number = ''::text) AND (created_by = ( SELECT documents.actor() AS actor))) OR ((kind = 'notice'::text) AND (case_number = ( SELECT foundation.subject() AS subject)))) check 
    policy reading_guides for r using (kind = 'guide'::text) check 
    grant delete, insert, select, update to tongban_app

table evaluation.opinion -- row security forced
    id uuid not null
    item_code text not null
    region text not null
    department text not null
    stars integer not null
    scores jsonb not null
    tags text[] not null
    comment text not null
    rated_on date not null
    CHECK (((stars >= 1) AND (stars <= 5)))
    PRIMARY KEY (id)
    CREATE INDEX opinion_department ON evaluation.opinion USING btree (department, rated_on DESC, id)
    CREATE INDEX opinion_item ON evaluation.opinion USING btree (item_code, rated_on DESC, id)
    policy saying for a using check (( SELECT foundation.kind() AS kind) = ANY (ARRAY['system'::text, 'person'::text]))
    policy seeing for r using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR (department = ANY (( SELECT foundation.departments() AS departments)::text[])) OR ((( SELECT foundation.kind() AS kind) = 'officer'::text) AND (region ~~ ANY (( SELECT foundation.regions() AS regions)::text[])))) check 
    grant insert, select to tongban_app

table evaluation.rating -- row security forced
    case_number text not null
    holder text not null
    item_code text not null
    stars integer not null
    scores jsonb not null
    tags text[] not null
    comment text not null
    channel text not null
    content_version integer not null
    rated_at timestamp with time zone not null
    CHECK (((stars >= 1) AND (stars <= 5)))
    CHECK ((channel = ANY (ARRAY['portal'::text, 'mobile'::text, 'qr'::text, 'tablet'::text, 'terminal'::text, 'telephone'::text, 'sms'::text])))
    CHECK ((length(comment) <= 500))
    PRIMARY KEY (case_number)
    policy rating for a using check ((( SELECT foundation.kind() AS kind) = 'system'::text) OR (holder = ANY (( SELECT foundation.holders() AS holders)::text[])))
    policy seeing for r using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR (holder = ANY (( SELECT foundation.holders() AS holders)::text[]))) check 
    grant insert, select to tongban_app

table evaluation.remedy -- row security forced
    case_number text not null
    region text not null
    department text not null
    department_name text not null
    item_name text not null
    holder text not null
    applicant text not null
    stars integer not null
    tags text[] not null
    comment text not null
    state text not null
    started_on date not null
    contact_due_on date not null
    settle_due_on date not null
    calendar_version integer not null
    contacted_at timestamp with time zone
    contacted_by text not null
    outcome text not null
    note text not null
    settled_at timestamp with time zone
    settled_by text not null
    measure text not null
    CHECK (((state = 'open'::text) = (contacted_at IS NULL)))
    CHECK (((state = 'settled'::text) = (settled_at IS NOT NULL)))
    CHECK ((outcome = ANY (ARRAY[''::text, 'confirmed'::text, 'mistaken'::text, 'not_reached'::text])))
    CHECK ((state = ANY (ARRAY['open'::text, 'contacted'::text, 'settled'::text])))
    FOREIGN KEY (case_number) REFERENCES evaluation.rating(case_number)
    PRIMARY KEY (case_number)
    CREATE INDEX remedy_running ON evaluation.remedy USING btree (region, contact_due_on, case_number) WHERE (state <> 'settled'::text)
    policy changing for w using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR ((( SELECT foundation.kind() AS kind) = 'officer'::text) AND (region ~~ ANY (( SELECT foundation.regions() AS regions)::text[])))) check 
    policy opening for a using check ((( SELECT foundation.kind() AS kind) = 'system'::text) OR (holder = ANY (( SELECT foundation.holders() AS holders)::text[])))
    policy seeing for r using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR (holder = ANY (( SELECT foundation.holders() AS holders)::text[])) OR ((( SELECT foundation.kind() AS kind) = 'officer'::text) AND (region ~~ ANY (( SELECT foundation.regions() AS regions)::text[])))) check 
    grant insert, select, update to tongban_app

table evaluation.tally
    item_code text not null
    count integer not null
    total integer not null
    CHECK (((total >= count) AND (total <= (5 * count))))
    CHECK ((count > 0))
    PRIMARY KEY (item_code)
    grant insert, select, update to tongban_app

table foundation.calendar
    region text not null
    version integer not null
    first_day date not null
    last_day date not null
    last_number integer not null
    CHECK ((region ~ '^[0-9]{6}$'::text))
    PRIMARY KEY (region)
    grant insert, select, update to tongban_app

table foundation.calendar_day
    region text not null
    day date not null
    kind text not null
    name text not null
    status text not null
    version integer not null
    CHECK ((kind = ANY (ARRAY['working'::text, 'weekend'::text, 'holiday'::text, 'make_up'::text, 'stop_work'::text])))
    CHECK ((status = ANY (ARRAY['official'::text, 'provisional'::text])))
    PRIMARY KEY (region, day)
    grant delete, insert, select, update to tongban_app

table foundation.calendar_number
    region text not null
    day date not null
    number integer not null
    working boolean not null
    provisional boolean not null
    PRIMARY KEY (region, day)
    CREATE INDEX calendar_number_provisional ON foundation.calendar_number USING btree (region, day) WHERE provisional
    CREATE INDEX calendar_number_working ON foundation.calendar_number USING btree (region, number) INCLUDE (day) WHERE working
    grant insert, select, update to tongban_app

table foundation.delivery
    id bigint not null
    event_id bigint not null
    subject text not null
    handler text not null
    module text not null
    due_at timestamp with time zone not null
    attempts integer not null
    last_error text
    done_at timestamp with time zone
    FOREIGN KEY (event_id) REFERENCES foundation.event(id)
    PRIMARY KEY (id)
    UNIQUE (event_id, handler)
    CREATE INDEX delivery_order ON foundation.delivery USING btree (module, subject, id) WHERE (done_at IS NULL)
    CREATE INDEX delivery_waiting ON foundation.delivery USING btree (due_at, id) WHERE (done_at IS NULL)
    grant insert, select, update to tongban_app

table foundation.event -- row security forced
    id bigint not null
    topic text not null
    version integer not null
    subject text not null
    region text not null
    department text not null
    holder text not null
    body jsonb not null
    actor text not null
    actor_name text not null
    happened_at timestamp with time zone not null
    request text not null
    PRIMARY KEY (id)
    CREATE INDEX event_subject ON foundation.event USING btree (subject, id)
    CREATE INDEX event_topic ON foundation.event USING btree (topic, id)
    policy reading for r using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR ((holder <> ''::text) AND (holder = ANY (( SELECT foundation.holders() AS holders)::text[]))) OR ((department <> ''::text) AND (department = ANY (( SELECT foundation.departments() AS departments)::text[]))) OR ((( SELECT foundation.kind() AS kind) = 'officer'::text) AND (region ~~ ANY (( SELECT foundation.regions() AS regions)::text[]))) OR (subject = ( SELECT foundation.subject() AS subject))) check 
    policy recording for a using check (( SELECT foundation.kind() AS kind) IS NOT NULL)
    grant insert, select to tongban_app

table foundation.heartbeat
    worker text not null
    seen_at timestamp with time zone not null
    PRIMARY KEY (worker)
    grant delete, insert, select, update to tongban_app

table foundation.idempotency
    actor text not null
    key text not null
    fingerprint text not null
    status integer not null
    location text not null
    body text not null
    created_at timestamp with time zone not null
    CHECK (((length(key) >= 8) AND (length(key) <= 128)))
    PRIMARY KEY (actor, key)
    CREATE INDEX idempotency_age ON foundation.idempotency USING btree (created_at)
    grant delete, insert, select, update to tongban_app

table foundation.job
    id bigint not null
    kind text not null
    key text
    payload jsonb not null
    due_at timestamp with time zone not null
    lease_until timestamp with time zone
    attempts integer not null
    last_error text
    done_at timestamp with time zone
    PRIMARY KEY (id)
    CREATE INDEX job_waiting ON foundation.job USING btree (due_at, id) WHERE (done_at IS NULL)
    CREATE UNIQUE INDEX job_key ON foundation.job USING btree (kind, key) WHERE (done_at IS NULL)
    grant delete, insert, select, update to tongban_app

table foundation.seeded
    name text not null
    hash text not null
    at timestamp with time zone not null
    PRIMARY KEY (name)
    grant insert, select, update to tongban_app

table halls.hall
    code text not null
    name text not null
    region text not null
    address text not null
    hours text not null
    telephone text not null
    windows text[] not null
    getting_there text not null
    latitude double precision
    longitude double precision
    open boolean not null
    CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision)))
    CHECK (((latitude IS NULL) = (longitude IS NULL)))
    CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision)))
    CHECK ((address <> ''::text))
    CHECK ((code ~ '^[0-9A-Za-z-]{2,32}$'::text))
    CHECK ((hours <> ''::text))
    CHECK ((name <> ''::text))
    FOREIGN KEY (region) REFERENCES identity.region(code)
    PRIMARY KEY (code)
    CREATE INDEX hall_region ON halls.hall USING btree (region, code) WHERE open
    grant insert, select, update to tongban_app

table identity.account -- row security forced
    login text not null
    subject text not null
    salt bytea not null
    hash bytea not null
    cost integer not null
    block_size integer not null
    parallelism integer not null
    changed_at timestamp with time zone not null
    disabled_at timestamp with time zone
    CHECK ((login ~ '^[a-z0-9][a-z0-9._-]{1,62}$'::text))
    PRIMARY KEY (login)
    UNIQUE (subject)
    policy everything for * using (( SELECT foundation.kind() AS kind) = 'system'::text) check 
    grant insert, select, update to tongban_app

table identity.attempt
    login_hash bytea not null
    failures integer not null
    failed_at timestamp with time zone
    locked_until timestamp with time zone
    PRIMARY KEY (login_hash)
    grant delete, insert, select, update to tongban_app

table identity.authorisation -- row security forced
    id bigint not null
    person text not null
    organisation text not null
    since date not null
    until date
    granted_by text not null
    granted_at timestamp with time zone not null
    revoked_by text
    revoked_at timestamp with time zone
    CHECK (((revoked_by IS NULL) = (revoked_at IS NULL)))
    CHECK ((until >= since))
    FOREIGN KEY (organisation) REFERENCES identity.organisation(id)
    FOREIGN KEY (person) REFERENCES identity.person(id)
    PRIMARY KEY (id)
    CREATE INDEX authorisation_organisation ON identity.authorisation USING btree (organisation)
    CREATE INDEX authorisation_person ON identity.authorisation USING btree (person) WHERE (revoked_at IS NULL)
    policy everything for * using (( SELECT foundation.kind() AS kind) = 'system'::text) check 
    policy reading for r using ((person = ANY (( SELECT foundation.holders() AS holders)::text[])) OR (organisation = ANY (( SELECT foundation.holders() AS holders)::text[]))) check 
    grant insert, select, update to tongban_app

table identity.department
    code text not null
    name text not null
    region text not null
    credit_code text not null
    telephone text not null
    kind text not null
    CHECK ((code ~ '^[0-9A-Z-]{4,32}$'::text))
    CHECK ((kind = ANY (ARRAY['department'::text, 'centre'::text, 'other'::text])))
    CHECK ((name <> ''::text))
    FOREIGN KEY (region) REFERENCES identity.region(code)
    PRIMARY KEY (code)
    UNIQUE (region, name)
    grant insert, select, update to tongban_app

table identity.look -- row security forced
    id bigint not null
    holder text not null
    field text not null
    reason text not null
    officer text not null
    officer_name text not null
    department text not null
    at timestamp with time zone not null
    CHECK (((length(reason) >= 1) AND (length(reason) <= 200)))
    PRIMARY KEY (id)
    CREATE INDEX look_holder ON identity.look USING btree (holder, id)
    policy reading for r using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR (holder = ANY (( SELECT foundation.holders() AS holders)::text[]))) check 
    policy recording for a using check (( SELECT foundation.kind() AS kind) = ANY (ARRAY['system'::text, 'officer'::text]))
    grant insert, select to tongban_app

table identity.officer
    id text not null
    name text not null
    department text not null
    created_at timestamp with time zone not null
    CHECK ((name <> ''::text))
    FOREIGN KEY (department) REFERENCES identity.department(code)
    PRIMARY KEY (id)
    CREATE INDEX officer_department ON identity.officer USING btree (department)
    grant insert, select, update to tongban_app

table identity.organisation -- row security forced
    id text not null
    name text not null
    credit_code text not null
    legal_representative text not null
    telephone_masked text not null
    address text not null
    created_at timestamp with time zone not null
    CHECK ((credit_code ~ '^[0-9A-Z]{18}$'::text))
    CHECK ((name <> ''::text))
    PRIMARY KEY (id)
    UNIQUE (credit_code)
    policy everything for * using (( SELECT foundation.kind() AS kind) = 'system'::text) check 
    policy reading for r using ((id = ANY (( SELECT foundation.holders() AS holders)::text[])) OR ( SELECT identity.is_officer() AS is_officer)) check 
    grant insert, select, update to tongban_app

table identity.person -- row security forced
    id text not null
    name text not null
    id_kind text not null
    id_number_masked text not null
    telephone_masked text not null
    address_masked text not null
    created_at timestamp with time zone not null
    CHECK ((id_kind = ANY (ARRAY['resident'::text, 'passport'::text, 'hong_kong_macao'::text, 'taiwan'::text, 'foreigner'::text])))
    CHECK ((name <> ''::text))
    PRIMARY KEY (id)
    policy everything for * using (( SELECT foundation.kind() AS kind) = 'system'::text) check 
    policy reading for r using ((id = ANY (( SELECT foundation.holders() AS holders)::text[])) OR ( SELECT identity.is_officer() AS is_officer)) check 
    grant insert, select, update to tongban_app

table identity.region
    code text not null
    name text not null
    full_name text not null
    level integer not null
    parent text
    provisional_code boolean not null
    replaced_by text
    departments_numbered integer not null
    CHECK (((level >= 0) AND (level <= 5)))
    CHECK ((code ~ '^[0-9]{6}$'::text))
    CHECK ((full_name <> ''::text))
    CHECK ((name <> ''::text))
    CHECK ((parent <> code))
    FOREIGN KEY (parent) REFERENCES identity.region(code)
    FOREIGN KEY (replaced_by) REFERENCES identity.region(code) DEFERRABLE INITIALLY DEFERRED
    PRIMARY KEY (code)
    CREATE INDEX region_parent ON identity.region USING btree (parent)
    CREATE UNIQUE INDEX region_full_name ON identity.region USING btree (full_name) WHERE (replaced_by IS NULL)
    grant insert, select, update to tongban_app

table identity.role_grant
    officer text not null
    role text not null
    department text not null
    region text not null
    granted_by text not null
    granted_at timestamp with time zone not null
    CHECK (((department = ''::text) OR (region = ''::text)))
    FOREIGN KEY (officer) REFERENCES identity.officer(id)
    PRIMARY KEY (officer, role, department, region)
    grant delete, insert, select to tongban_app

table identity.sealed -- row security forced
    holder text not null
    field text not null
    content bytea not null
    hash bytea not null
    CHECK ((field = ANY (ARRAY['id_number'::text, 'telephone'::text, 'address'::text])))
    PRIMARY KEY (holder, field)
    CREATE INDEX sealed_telephone ON identity.sealed USING btree (hash) WHERE (field = 'telephone'::text)
    CREATE UNIQUE INDEX sealed_id_number ON identity.sealed USING btree (hash) WHERE (field = 'id_number'::text)
    policy everything for * using (( SELECT foundation.kind() AS kind) = 'system'::text) check 
    policy reading for r using (holder = ANY (( SELECT foundation.holders() AS holders)::text[])) check 
    grant delete, insert, select, update to tongban_app

table identity.session
    token_hash bytea not null
    subject text not null
    csrf text not null
    language text not null
    mode text not null
    acting_for text not null
    created_at timestamp with time zone not null
    seen_at timestamp with time zone not null
    expires_at timestamp with time zone not null
    ends_at timestamp with time zone
    CHECK ((mode = ANY (ARRAY['standard'::text, 'elder'::text])))
    PRIMARY KEY (token_hash)
    CREATE INDEX session_expiry ON identity.session USING btree (expires_at)
    CREATE INDEX session_subject ON identity.session USING btree (subject) WHERE (subject <> ''::text)
    grant delete, insert, select, update to tongban_app

table process.alarm -- row security forced
    region text not null
    month integer not null
    instance bigint not null
    token bigint not null
    node text not null
    definition bigint not null
    scopes bigint[]
    home bigint
    due_at timestamp with time zone not null
    fired integer not null
    sweeping boolean not null
    attempts integer not null
    error text
    workdays integer
    counted_from date
    PRIMARY KEY (region, month, instance, token, node)
    CREATE INDEX alarm_due ON process.alarm USING btree (due_at) WHERE (attempts < 8)
    CREATE INDEX alarm_given_up ON process.alarm USING btree (due_at) WHERE (attempts >= 8)
    CREATE INDEX alarm_stopped ON process.alarm USING btree (due_at, token) WHERE (attempts >= 8)
    policy known for * using (( SELECT foundation.kind() AS kind) = ANY (ARRAY['system'::text, 'officer'::text, 'person'::text])) check 
    grant delete, insert, select, update to tongban_app

table process.definition
    id bigint not null
    process text not null
    version integer not null
    name text not null
    department text not null
    region text not null
    hash bytea not null
    bpmn text not null
    note text not null
    published_by text not null
    published_name text not null
    published_at timestamp with time zone not null
    CHECK (((length(process) >= 1) AND (length(process) <= 200)))
    CHECK ((length(hash) = 32))
    CHECK ((version > 0))
    PRIMARY KEY (id)
    UNIQUE (hash)
    UNIQUE (process, version)
    CREATE INDEX definition_name ON process.definition USING btree (department, process, version DESC)
    grant insert, select to tongban_app

table process.draft
    id uuid not null
    process text not null
    name text not null
    department text not null
    region text not null
    bpmn text not null
    note text not null
    state text not null
    revision integer not null
    based_on integer not null
    version integer
    authors text[] not null
    changed_name text not null
    changed_at timestamp with time zone not null
    CHECK (((length(process) >= 1) AND (length(process) <= 200)))
    CHECK (((state = 'published'::text) = (version IS NOT NULL)))
    CHECK ((cardinality(authors) > 0))
    CHECK ((state = ANY (ARRAY['draft'::text, 'review'::text, 'published'::text, 'withdrawn'::text])))
    PRIMARY KEY (id)
    CREATE INDEX draft_changed ON process.draft USING btree (changed_at DESC, id)
    CREATE UNIQUE INDEX draft_open ON process.draft USING btree (process) WHERE (state = ANY (ARRAY['draft'::text, 'review'::text]))
    grant insert, select, update to tongban_app

table process.due_date_change -- row security forced
    region text not null
    month integer not null
    instance bigint not null
    token bigint not null
    node text not null
    timer boolean not null
    before timestamp with time zone not null
    after timestamp with time zone not null
    calendar_version integer not null
    changed_at timestamp with time zone not null
    PRIMARY KEY (region, month, instance, token, node, calendar_version)
    policy known for * using (( SELECT foundation.kind() AS kind) = ANY (ARRAY['system'::text, 'officer'::text, 'person'::text])) check 
    grant insert, select to tongban_app

table process.entry
    definition bigint not null
    node text not null
    kind text not null
    name text not null
    CHECK ((kind = ANY (ARRAY['message'::text, 'signal'::text, 'timer'::text])))
    FOREIGN KEY (definition) REFERENCES process.definition(id)
    PRIMARY KEY (definition, node)
    CREATE INDEX entry_name ON process.entry USING btree (kind, name)
    grant insert, select to tongban_app

table process.gathering -- row security forced
    region text not null
    month integer not null
    instance bigint not null
    scope bigint not null
    node text not null
    definition bigint not null
    scopes bigint[]
    home bigint
    arrived integer[] not null
    needed integer not null
    PRIMARY KEY (region, month, instance, scope, node)
    policy known for * using (( SELECT foundation.kind() AS kind) = ANY (ARRAY['system'::text, 'officer'::text, 'person'::text])) check 
    grant delete, insert, select, update to tongban_app

table process.history -- row security forced
    region text not null
    month integer not null
    instance bigint not null
    id bigint not null
    act text not null
    node text not null
    path text not null
    actor text not null
    actor_name text not null
    since timestamp with time zone
    at timestamp with time zone not null
    note text
    data jsonb
    PRIMARY KEY (region, month, instance, id)
    policy known for * using (( SELECT foundation.kind() AS kind) = ANY (ARRAY['system'::text, 'officer'::text, 'person'::text])) check 
    grant insert, select to tongban_app

table process.instance -- row security forced
    region text not null
    month integer not null
    id bigint not null
    number text not null
    definition bigint not null
    department text not null
    holder text not null
    state text not null
    outcome text
    started_at timestamp with time zone not null
    ended_at timestamp with time zone
    CHECK ((((state = 'ended'::text) = (outcome IS NOT NULL)) AND ((state = 'ended'::text) = (ended_at IS NOT NULL))))
    CHECK ((outcome = ANY (ARRAY['completed'::text, 'terminated'::text, 'error'::text, 'cancelled'::text])))
    CHECK ((region ~ '^[0-9]{6}$'::text))
    CHECK ((state = ANY (ARRAY['running'::text, 'suspended'::text, 'ended'::text])))
    PRIMARY KEY (region, month, id)
    CREATE INDEX instance_of_definition ON process.instance USING btree (definition, region, month, id) WHERE (state <> 'ended'::text)
    CREATE INDEX instance_of_department ON process.instance USING btree (department, region, month, id) INCLUDE (state)
    CREATE UNIQUE INDEX instance_number ON process.instance USING btree (region, month, number)
    policy known for * using (( SELECT foundation.kind() AS kind) = ANY (ARRAY['system'::text, 'officer'::text, 'person'::text])) check 
    grant insert, select, update to tongban_app

table process.migrated -- row security forced
    migration bigint not null
    region text not null
    month integer not null
    instance bigint not null
    problem text
    details jsonb
    before jsonb
    lines integer
    reverted boolean not null
    CHECK (((problem IS NULL) OR (NOT reverted)))
    FOREIGN KEY (migration) REFERENCES process.migration(id)
    PRIMARY KEY (migration, region, month, instance)
    CREATE INDEX migrated_problem ON process.migrated USING btree (migration, region, month, instance) WHERE (problem IS NOT NULL)
    policy known for * using (( SELECT foundation.kind() AS kind) = ANY (ARRAY['system'::text, 'officer'::text])) check 
    grant delete, insert, select, update to tongban_app

table process.migration
    id bigint not null
    process text not null
    source bigint not null
    target bigint not null
    nodes jsonb not null
    department text not null
    region text not null
    reason text not null
    state text not null
    after_region text not null
    after_month integer not null
    after_id bigint not null
    total integer not null
    moved integer not null
    refused integer not null
    reverted integer not null
    asked_by text not null
    asked_name text not null
    asked_at timestamp with time zone not null
    ended_at timestamp with time zone
    carried_name text
    carried_at timestamp with time zone
    CHECK (((length(reason) >= 1) AND (length(reason) <= 2000)))
    CHECK ((source <> target))
    CHECK ((state = ANY (ARRAY['trying'::text, 'tried'::text, 'moving'::text, 'moved'::text, 'reverting'::text, 'reverted'::text])))
    FOREIGN KEY (source) REFERENCES process.definition(id)
    FOREIGN KEY (target) REFERENCES process.definition(id)
    PRIMARY KEY (id)
    CREATE INDEX migration_process ON process.migration USING btree (process, id DESC)
    grant insert, select, update to tongban_app

table process.remark
    id bigint not null
    draft uuid not null
    act text not null
    text text not null
    by_name text not null
    at timestamp with time zone not null
    CHECK ((act = ANY (ARRAY['begin'::text, 'submit'::text, 'comment'::text, 'return'::text, 'publish'::text, 'withdraw'::text])))
    FOREIGN KEY (draft) REFERENCES process.draft(id)
    PRIMARY KEY (id)
    CREATE INDEX remark_draft ON process.remark USING btree (draft, id)
    grant insert, select to tongban_app

table process.subscription -- row security forced
    region text not null
    month integer not null
    instance bigint not null
    token bigint not null
    node text not null
    definition bigint not null
    scopes bigint[]
    home bigint
    kind text not null
    name text not null
    key text not null
    sweeping boolean not null
    CHECK ((kind = ANY (ARRAY['message'::text, 'signal'::text])))
    PRIMARY KEY (region, month, instance, token, node)
    CREATE INDEX subscription_name ON process.subscription USING btree (kind, name, key)
    policy known for * using (( SELECT foundation.kind() AS kind) = ANY (ARRAY['system'::text, 'officer'::text, 'person'::text])) check 
    grant delete, insert, select, update to tongban_app

table process.token -- row security forced
    region text not null
    month integer not null
    instance bigint not null
    id bigint not null
    definition bigint not null
    node text not null
    state text not null
    sweeping boolean not null
    scopes bigint[]
    home bigint
    turn integer
    department text
    role text
    assignee text
    assignee_name text
    due_at timestamp with time zone
    born_at timestamp with time zone not null
    helps bigint
    attempts integer
    error text
    workdays integer
    counted_from date
    act text
    CHECK ((state = ANY (ARRAY['work'::text, 'event'::text, 'job'::text, 'failed'::text, 'scope'::text, 'turns'::text])))
    PRIMARY KEY (region, month, instance, id)
    CREATE INDEX token_assignee ON process.token USING btree (assignee, due_at, id) WHERE (assignee IS NOT NULL)
    CREATE INDEX token_job ON process.token USING btree (state, born_at) WHERE (state = ANY (ARRAY['job'::text, 'failed'::text]))
    CREATE INDEX token_late ON process.token USING btree (due_at, id) WHERE ((state = 'work'::text) AND (due_at IS NOT NULL))
    CREATE INDEX token_waiting ON process.token USING btree (department, role, COALESCE(due_at, 'infinity'::timestamp with time zone), id) WHERE ((state = 'work'::text) AND (act IS NULL))
    policy known for * using (( SELECT foundation.kind() AS kind) = ANY (ARRAY['system'::text, 'officer'::text, 'person'::text])) check 
    grant delete, insert, select, update to tongban_app

table process.variable -- row security forced
    region text not null
    month integer not null
    instance bigint not null
    scope bigint not null
    shape bigint not null
    id bigint not null
    at bigint not null
    data jsonb not null
    PRIMARY KEY (region, month, instance, scope, shape, id)
    policy known for * using (( SELECT foundation.kind() AS kind) = ANY (ARRAY['system'::text, 'officer'::text, 'person'::text])) check 
    grant delete, insert, select, update to tongban_app

table rulebook.binding
    item_code text not null
    purpose text not null
    rule_set_code text not null
    FOREIGN KEY (rule_set_code) REFERENCES rulebook.rule_set(code)
    PRIMARY KEY (item_code, purpose)
    CREATE INDEX binding_rule_set ON rulebook.binding USING btree (rule_set_code)
    grant delete, insert, select, update to tongban_app

table rulebook.choice -- row security forced
    evaluation uuid not null
    rule_set_code text not null
    number text not null
    region text not null
    department text not null
    holder text not null
    chosen numeric not null
    least numeric
    most numeric
    deviates boolean not null
    reasons text not null
    chosen_by text not null
    chosen_name text not null
    chosen_at timestamp with time zone not null
    confirmed_by text not null
    confirmed_name text not null
    confirmed_at timestamp with time zone
    CHECK (((NOT deviates) OR (length(reasons) >= 10)))
    CHECK ((confirmed_by <> chosen_by))
    FOREIGN KEY (evaluation) REFERENCES rulebook.evaluation(id)
    FOREIGN KEY (rule_set_code) REFERENCES rulebook.rule_set(code)
    PRIMARY KEY (evaluation)
    CREATE INDEX choice_number ON rulebook.choice USING btree (number)
    policy choosing for a using check (( SELECT foundation.kind() AS kind) = ANY (ARRAY['officer'::text, 'system'::text]))
    policy confirming for w using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR ((( SELECT foundation.kind() AS kind) = 'officer'::text) AND ((department = ANY (( SELECT foundation.departments() AS departments)::text[])) OR (region ~~ ANY (( SELECT foundation.regions() AS regions)::text[]))))) check 
    policy seeing for r using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR ((holder <> ''::text) AND (holder = ANY (( SELECT foundation.holders() AS holders)::text[]))) OR ((( SELECT foundation.kind() AS kind) = 'officer'::text) AND ((department = ANY (( SELECT foundation.departments() AS departments)::text[])) OR (region ~~ ANY (( SELECT foundation.regions() AS regions)::text[]))))) check 
    grant insert, select, update to tongban_app

table rulebook.evaluation -- row security forced
    id uuid not null
    rule_set_code text not null
    version integer not null
    content_hash bytea not null
    number text not null
    item_code text not null
    region text not null
    department text not null
    holder text not null
    result json not null
    fired integer[] not null
    missing text[] not null
    to_a_person boolean not null
    granted boolean
    sealed bytea not null
    actor text not null
    evaluated_at timestamp with time zone not null
    FOREIGN KEY (rule_set_code, version) REFERENCES rulebook.version(rule_set_code, version)
    PRIMARY KEY (id)
    CREATE INDEX evaluation_number ON rulebook.evaluation USING btree (number, evaluated_at) WHERE (number <> ''::text)
    CREATE INDEX evaluation_rule_set ON rulebook.evaluation USING btree (rule_set_code, evaluated_at, id)
    policy reading for r using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR ((holder <> ''::text) AND (holder = ANY (( SELECT foundation.holders() AS holders)::text[]))) OR ((department <> ''::text) AND (department = ANY (( SELECT foundation.departments() AS departments)::text[]))) OR ((( SELECT foundation.kind() AS kind) = 'officer'::text) AND (region ~~ ANY (( SELECT foundation.regions() AS regions)::text[]))) OR ((number <> ''::text) AND (number = ( SELECT foundation.subject() AS subject)))) check 
    policy recording for a using check (( SELECT foundation.kind() AS kind) IS NOT NULL)
    grant insert, select to tongban_app

table rulebook.recheck -- row security forced
    evaluation uuid not null
    rule_set_code text not null
    number text not null
    region text not null
    department text not null
    opened_at timestamp with time zone not null
    agreed boolean
    note text not null
    checked_by text not null
    checked_name text not null
    checked_at timestamp with time zone
    CHECK (((agreed IS NULL) = (checked_at IS NULL)))
    FOREIGN KEY (evaluation) REFERENCES rulebook.evaluation(id)
    FOREIGN KEY (rule_set_code) REFERENCES rulebook.rule_set(code)
    PRIMARY KEY (evaluation)
    CREATE INDEX recheck_open ON rulebook.recheck USING btree (rule_set_code, opened_at) WHERE (agreed IS NULL)
    policy checking for w using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR ((( SELECT foundation.kind() AS kind) = 'officer'::text) AND ((department = ANY (( SELECT foundation.departments() AS departments)::text[])) OR (region ~~ ANY (( SELECT foundation.regions() AS regions)::text[]))))) check 
    policy drawing for a using check (( SELECT foundation.kind() AS kind) IS NOT NULL)
    policy seeing for r using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR ((( SELECT foundation.kind() AS kind) = 'officer'::text) AND ((department = ANY (( SELECT foundation.departments() AS departments)::text[])) OR (region ~~ ANY (( SELECT foundation.regions() AS regions)::text[]))))) check 
    grant insert, select, update to tongban_app

table rulebook.replay -- row security forced
    id uuid not null
    rule_set_code text not null
    version integer not null
    since date not null
    until date not null
    region text not null
    department text not null
    total integer not null
    done integer not null
    cursor_at timestamp with time zone
    cursor_id uuid
    counts jsonb not null
    changes json not null
    asked_by text not null
    asked_name text not null
    asked_at timestamp with time zone not null
    finished_at timestamp with time zone
    FOREIGN KEY (rule_set_code, version) REFERENCES rulebook.version(rule_set_code, version)
    PRIMARY KEY (id)
    CREATE INDEX replay_rule_set ON rulebook.replay USING btree (rule_set_code, asked_at DESC)
    policy asking for a using check (( SELECT foundation.kind() AS kind) = ANY (ARRAY['officer'::text, 'system'::text]))
    policy going_on for w using (( SELECT foundation.kind() AS kind) = 'system'::text) check 
    policy seeing for r using ((( SELECT foundation.kind() AS kind) = 'system'::text) OR ((( SELECT foundation.kind() AS kind) = 'officer'::text) AND ((department = ANY (( SELECT foundation.departments() AS departments)::text[])) OR (region ~~ ANY (( SELECT foundation.regions() AS regions)::text[]))))) check 
    grant insert, select, update to tongban_app

table rulebook.rule_set
    code text not null
    name text not null
    purpose text not null
    summary text not null
    department text not null
    department_name text not null
    region text not null
    favour jsonb not null
    limits jsonb not null
    share_rechecked numeric not null
    switched_off boolean not null
    switch_reason text not null
    switched_by text not null
    switched_at timestamp with time zone
    latest integer not null
    created_at timestamp with time zone not null
    CHECK (((length(name) >= 1) AND (length(name) <= 200)))
    CHECK (((share_rechecked >= (0)::numeric) AND (share_rechecked <= (1)::numeric)))
    CHECK ((code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'::text))
    CHECK ((purpose = ANY (ARRAY['eligibility'::text, 'scenario'::text, 'instant'::text, 'discretion'::text, 'risk'::text])))
    PRIMARY KEY (code)
    CREATE INDEX rule_set_department ON rulebook.rule_set USING btree (department, code)
    grant insert, select, update to tongban_app

table rulebook.version
    rule_set_code text not null
    version integer not null
    status text not null
    dmn text not null
    decision text not null
    tests json not null
    note text not null
    content_hash bytea not null
    revision integer not null
    author text not null
    author_name text not null
    changed_at timestamp with time zone not null
    reviewer text not null
    reviewer_name text not null
    review_comment text not null
    reviewed_at timestamp with time zone
    effective_from date
    effective_until date
    published_by text not null
    published_at timestamp with time zone
    withdrawn_from date
    withdraw_reason text not null
    CHECK (((effective_until IS NULL) OR (effective_until >= effective_from)))
    CHECK (((status <> 'published'::text) OR ((reviewer <> ''::text) AND (reviewer <> author))))
    CHECK (((status = ANY (ARRAY['draft'::text, 'in_review'::text, 'approved'::text])) OR (effective_from IS NOT NULL)))
    CHECK ((status = ANY (ARRAY['draft'::text, 'in_review'::text, 'approved'::text, 'published'::text, 'withdrawn'::text])))
    CHECK ((version > 0))
    FOREIGN KEY (rule_set_code) REFERENCES rulebook.rule_set(code)
    PRIMARY KEY (rule_set_code, version)
    CREATE UNIQUE INDEX version_date ON rulebook.version USING btree (rule_set_code, effective_from) WHERE (status = 'published'::text)
    grant insert, select, update to tongban_app
