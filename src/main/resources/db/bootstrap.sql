-- Prepares a database for Portcullis: roles, privileges, the two platform schemas. Run by a
-- superuser, as one transaction, as often as wanted. Passwords are set by the caller.
--
--   pc_owner     NOLOGIN  owns every schema and table
--   pc_tenant    NOLOGIN  group of all tenants' roles, for what tenants may share
--   pc_app       LOGIN    requests: NOINHERIT, owns nothing, sees nothing until it takes a tenant's role
--   pc_platform  LOGIN    the registry (read) and the audit trail (append)
--   pc_admin     LOGIN    migrations and the life cycle of tenants: CREATEROLE, may become pc_owner
--   t_<id>       NOLOGIN  one per tenant, made by the life cycle

SELECT pg_advisory_xact_lock(hashtext('portcullis bootstrap'));

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['pc_owner', 'pc_tenant', 'pc_app', 'pc_platform', 'pc_admin'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
      EXECUTE format('CREATE ROLE %I', name);
    END IF;
  END LOOP;
END
$$;

ALTER ROLE pc_owner NOLOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE pc_tenant NOLOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE pc_app LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE pc_platform LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE pc_admin LOGIN NOINHERIT NOSUPERUSER NOCREATEDB CREATEROLE NOREPLICATION NOBYPASSRLS;

-- A leaked transaction, a lost client and a runaway statement end by themselves.
ALTER ROLE pc_app SET search_path = pg_catalog;
ALTER ROLE pc_app SET statement_timeout = '10s';
ALTER ROLE pc_app SET lock_timeout = '5s';
ALTER ROLE pc_app SET idle_in_transaction_session_timeout = '5s';
ALTER ROLE pc_app SET client_connection_check_interval = '1s';
ALTER ROLE pc_platform SET search_path = pg_catalog;
ALTER ROLE pc_platform SET statement_timeout = '10s';
ALTER ROLE pc_platform SET lock_timeout = '5s';
ALTER ROLE pc_platform SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE pc_platform SET client_connection_check_interval = '1s';
ALTER ROLE pc_admin SET search_path = pg_catalog;

-- pc_admin must say SET ROLE pc_owner; it hands pc_tenant to new tenants without being one.
GRANT pc_owner TO pc_admin WITH INHERIT FALSE, SET TRUE;
GRANT pc_tenant TO pc_admin WITH ADMIN TRUE, INHERIT FALSE, SET FALSE;

DO $$
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO pc_app, pc_platform, pc_admin', current_database());
  EXECUTE format('GRANT CREATE ON DATABASE %I TO pc_owner', current_database());
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS platform AUTHORIZATION pc_owner;
CREATE SCHEMA IF NOT EXISTS audit AUTHORIZATION pc_owner;

-- No code of one's own, not even for the length of a transaction.
REVOKE USAGE ON LANGUAGE plpgsql, sql FROM PUBLIC;
GRANT USAGE ON LANGUAGE plpgsql, sql TO pc_owner, pc_admin;

-- What an injected SELECT could call to change who it is, to run a text as a statement, to leave
-- something behind in the session, to hold others up, or to look at them. Nearly all of it is
-- VOLATILE, so everything volatile goes, but for the harmless few; the rest is named.
DO $$
DECLARE
  f record;
BEGIN
  FOR f IN
    SELECT p.oid::regprocedure AS signature
    FROM pg_proc p
    WHERE p.pronamespace = 'pg_catalog'::regnamespace
      AND p.prokind = 'f'
      AND has_function_privilege('public', p.oid, 'EXECUTE')
      AND 'internal'::regtype <> ALL (p.proargtypes::oid[])
      AND p.prorettype <> ALL (ARRAY['trigger', 'event_trigger', 'language_handler']::regtype[])
      AND ((p.provolatile = 'v'
            AND p.proname <> ALL (ARRAY[
              'array_sample', 'array_shuffle', 'clock_timestamp', 'currval', 'gen_random_uuid',
              'lastval', 'nextval', 'pg_is_in_recovery', 'plpgsql_validator', 'random',
              'random_normal', 'timeofday']))
           OR p.proname ~ '^(query|cursor|table|schema|database)_to_xml'
           OR p.proname ~ '^pg_stat_get_'
           OR p.proname = 'pg_cursor'
           OR p.proname = 'pg_prepared_statement')
  LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f.signature);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO pc_owner, pc_admin, pg_monitor', f.signature);
  END LOOP;
END
$$;

REVOKE UPDATE ON pg_settings FROM PUBLIC;
REVOKE ALL ON pg_db_role_setting, pg_largeobject_metadata FROM PUBLIC;
