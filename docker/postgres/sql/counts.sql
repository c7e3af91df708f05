-- What a restored database is compared by: rows of every table, and the head of every audit chain.
-- One line each; the same database gives the same lines.
\set QUIET on
SELECT format('SELECT %L || count(*) FROM %I.%I', format('rows %s.%s.%s ', current_database(), n.nspname, c.relname),
              n.nspname, c.relname)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND c.relpersistence = 'p'
 ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
\gexec
SELECT $$SELECT format('chain %s %s %s', chain, seq, encode(hash, 'hex')) FROM audit.head ORDER BY chain COLLATE "C"$$
 WHERE to_regclass('audit.head') IS NOT NULL
\gexec
