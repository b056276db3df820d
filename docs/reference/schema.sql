-- Written by a test from the migrated database. Do not edit.

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
