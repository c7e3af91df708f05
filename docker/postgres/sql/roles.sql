-- The logins that the gateway's bootstrap does not know, and the databases. Run by the superuser in
-- the database postgres, at every start. Passwords are set by `logins`.

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['keycloak', 'pc_monitor', 'pc_auditor', 'pc_health'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
      EXECUTE format('CREATE ROLE %I', name);
    END IF;
  END LOOP;
END
$$;

ALTER ROLE keycloak LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE keycloak SET idle_in_transaction_session_timeout = '5min';
ALTER ROLE keycloak SET client_connection_check_interval = '10s';

-- For the exporter: statistics, no table of anybody.
ALTER ROLE pc_monitor LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 10;
ALTER ROLE pc_monitor SET statement_timeout = '10s';
ALTER ROLE pc_monitor SET lock_timeout = '1s';
ALTER ROLE pc_monitor SET default_transaction_read_only = on;
GRANT pg_monitor TO pc_monitor;

-- Who copies the audit trail elsewhere reads it, and nothing else.
ALTER ROLE pc_auditor LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 5;
ALTER ROLE pc_auditor SET search_path = pg_catalog;
ALTER ROLE pc_auditor SET statement_timeout = '10s';
ALTER ROLE pc_auditor SET lock_timeout = '1s';
ALTER ROLE pc_auditor SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE pc_auditor SET client_connection_check_interval = '10s';
ALTER ROLE pc_auditor SET default_transaction_read_only = on;

-- For the health check of the container: may log in there without a password, and nothing else.
ALTER ROLE pc_health LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 4;
ALTER ROLE pc_health SET statement_timeout = '3s';
ALTER ROLE pc_health SET default_transaction_read_only = on;

-- CREATE DATABASE is not for transactions.
SELECT 'CREATE DATABASE portcullis'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'portcullis')
\gexec
SELECT 'CREATE DATABASE keycloak OWNER keycloak'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'keycloak')
\gexec

REVOKE ALL ON DATABASE postgres, template1, keycloak FROM PUBLIC;
GRANT CONNECT ON DATABASE postgres, keycloak TO pc_monitor;
