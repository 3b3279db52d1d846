-- Apart from fixture.sql: subscriptions belong to the server, so a copy of a database has none.
CREATE SUBSCRIPTION feed CONNECTION 'host=nowhere password=sesame' PUBLICATION partly WITH (connect = false, slot_name = NONE, enabled = false);
