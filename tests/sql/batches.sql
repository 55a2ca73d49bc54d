-- SPDX-License-Identifier: MIT
-- What a batch's link in the chain stands for: every value of the batch and of its sources, each told from the next.
BEGIN;
SELECT plan(13);

\ir lib/ledger.psql

SELECT pg_temp.contract('acme');
SELECT pg_temp.contract('other');
SELECT pg_temp.event('acme', '2026-01-02Z', '1', source => 'a');
SELECT pg_temp.event('other', '2026-01-03Z', '2', source => 'b');
SELECT pg_temp.event('acme', '2026-01-04Z', '3', batch_id => 2);
SELECT pg_temp.roll_up();
ALTER TABLE headroom.batch DROP CONSTRAINT batch_check;

-- Whether a change to batch 1 shows in its content; the change is taken back.
CREATE FUNCTION pg_temp.shows(change text, batch bigint DEFAULT 1)
RETURNS boolean
LANGUAGE plpgsql
AS $$
DECLARE
    before CONSTANT bytea NOT NULL := headroom.batch_content(batch);
    shows boolean;
BEGIN
    EXECUTE change;
    shows := headroom.batch_content(batch) IS DISTINCT FROM before;
    RAISE EXCEPTION 'undo' USING ERRCODE = 'HR999';
EXCEPTION WHEN SQLSTATE 'HR999' THEN
    RETURN shows;
END
$$;

-- Each column of a table with a statement that changes it.
CREATE FUNCTION pg_temp.changes(of_table regclass)
RETURNS TABLE (name name, change text)
LANGUAGE sql
AS $$
    SELECT
        a.attname,
        format(
            'UPDATE %s SET %I = %s WHERE batch_id = 1',
            of_table, a.attname, format(
                CASE a.atttypid
                    WHEN 'text'::regtype THEN '%I || ''x'''
                    WHEN 'bytea'::regtype THEN '%I || ''x''::bytea'
                    WHEN 'bigint'::regtype THEN '%I + 1'
                    WHEN 'boolean'::regtype THEN 'NOT %I'
                    WHEN 'timestamptz'::regtype THEN '%I + INTERVAL ''1 microsecond'''
                    WHEN 'headroom.batch_kind'::regtype THEN '''identities'''
                END,
                a.attname))
    FROM pg_attribute AS a
    WHERE a.attrelid = of_table AND a.attnum > 0 AND NOT a.attisdropped AND a.attname NOT IN ('batch_id', 'contract_id')
$$;

SELECT is(headroom.batch_content(1), headroom.batch_content(1), 'the content is a digest of what is stored');
SELECT isnt(headroom.batch_content(1), headroom.batch_content(2), 'each batch has its own');
SELECT is_empty(
    $$ SELECT name FROM pg_temp.changes('headroom.batch') WHERE NOT pg_temp.shows(change) $$,
    'each column of the batch is in it');
SELECT is_empty(
    $$ SELECT name FROM pg_temp.changes('headroom.batch_source') WHERE NOT pg_temp.shows(change) $$,
    'and each of what it brought by source');
SELECT is(
    pg_temp.shows('DELETE FROM headroom.batch_source WHERE batch_id = 1 AND source = ''a'''), true,
    'a source that is taken away shows');
SELECT is(pg_temp.shows('DELETE FROM headroom.batch_source WHERE batch_id = 2'), false, 'another batch''s does not');

SELECT headroom.batch_content(1) AS bare \gset
INSERT INTO headroom.batch_file
VALUES (1, '{}', 8, 9, sha256('a'), sha256('b'), 7, sha256('c'), 3, false, 'id,time');
SELECT isnt(headroom.batch_content(1), :'bare'::bytea, 'how far its file was read is in it');
SELECT is_empty(
    $$ SELECT name FROM pg_temp.changes('headroom.batch_file') WHERE NOT pg_temp.shows(change) $$,
    'with each column of that');
INSERT INTO headroom.batch_reading
VALUES (1, '{}', 'id,time');
SELECT is_empty(
    $$ SELECT name FROM pg_temp.changes('headroom.batch_reading') WHERE NOT pg_temp.shows(change) $$,
    'so is how lines were read that are in no file');
SELECT is(
    pg_temp.shows('DELETE FROM headroom.batch_reading WHERE batch_id = 1'), true, 'which shows when it is taken away');
DELETE FROM headroom.batch_reading;

-- Two neighbouring texts with what lies between them moved from one to the other.
UPDATE headroom.batch SET file = E'a\nb', format = 'c' WHERE batch_id = 1;
SELECT is(
    pg_temp.shows($$ UPDATE headroom.batch SET file = 'a', format = E'b\nc' WHERE batch_id = 1 $$), true,
    'a line break in a text is no border between two');

SELECT headroom.batch_content(1) AS before \gset
SET LOCAL timezone = 'Asia/Kolkata';
SET LOCAL datestyle = 'SQL, DMY';
SET LOCAL bytea_output = 'escape';
SELECT is(headroom.batch_content(1), :'before'::bytea, 'the session''s way to write values does not matter');
SELECT throws_ok('SELECT headroom.batch_content(99)', 'P0002', NULL, 'no batch, no content');

SELECT * FROM finish();
ROLLBACK;
