-- Destroys the write-ahead log of the voting period; run as superuser, with psql, after the close's step `dropped`.
-- Why and what it cannot reach: docs/ballots.md.
--
-- PostgreSQL keeps old segments under new names, with their old content, to write over them later. Letting the log go
-- is not enough: every segment that waits has to be begun, and is filled with zeros when it is left; then it is removed.

ALTER SYSTEM SET wal_keep_size = 0;
ALTER SYSTEM SET wal_recycle = off;
SELECT pg_reload_conf();
-- The checkpointer reads its settings between two pieces of work.
SELECT pg_sleep(2);
DO $$ BEGIN
    FOR segment IN 1 .. (SELECT count(*) + 2 FROM pg_ls_waldir()) LOOP
        PERFORM pg_switch_wal();
        CHECKPOINT;
    END LOOP; END $$;
ALTER SYSTEM RESET wal_keep_size;
ALTER SYSTEM RESET wal_recycle;
SELECT pg_reload_conf();
