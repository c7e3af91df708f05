-- The registry of tenants and the audit trail. Run as pc_owner.

CREATE TABLE platform.tenant (
  id text PRIMARY KEY CHECK (id ~ '^[a-z][a-z0-9]{12}$'),
  name text NOT NULL UNIQUE CHECK (name ~ '^[a-z][a-z0-9-]{1,62}$'),
  organization text NOT NULL UNIQUE CHECK (length(organization) BETWEEN 1 AND 255),
  state text NOT NULL CHECK (state IN ('creating', 'active', 'suspended')),
  schema_version int NOT NULL DEFAULT 0 CHECK (schema_version >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX tenant_updated_at ON platform.tenant (updated_at);

CREATE FUNCTION platform.tenant_touched() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  NEW.updated_at := clock_timestamp();
  RETURN NEW;
END
$$;
CREATE TRIGGER touched BEFORE UPDATE ON platform.tenant
  FOR EACH ROW EXECUTE FUNCTION platform.tenant_touched();

CREATE FUNCTION platform.tenants_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  NOTIFY portcullis_tenants;
  RETURN NULL;
END
$$;
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON platform.tenant
  FOR EACH STATEMENT EXECUTE FUNCTION platform.tenants_changed();

CREATE TABLE audit.head (
  chain text PRIMARY KEY,
  seq bigint NOT NULL CHECK (seq >= 0),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);

CREATE TABLE audit.entry (
  chain text NOT NULL,
  seq bigint NOT NULL CHECK (seq > 0),
  event_id uuid NOT NULL,
  at timestamptz NOT NULL,
  body text NOT NULL,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  PRIMARY KEY (chain, seq),
  UNIQUE (chain, event_id)
);

-- Append only, for the owner as well. A superuser can still take the triggers off: the chain of
-- hashes and its anchors outside are what tells.
CREATE FUNCTION audit.refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.entry
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
ALTER TABLE audit.entry ENABLE ALWAYS TRIGGER append_only;

GRANT USAGE ON SCHEMA platform, audit TO pc_platform;
GRANT SELECT ON platform.tenant, platform.flyway_schema_history TO pc_platform;
GRANT SELECT, INSERT ON audit.entry TO pc_platform;
GRANT SELECT, INSERT, UPDATE ON audit.head TO pc_platform;
