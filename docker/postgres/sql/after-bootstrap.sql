-- What the bootstrap takes from everybody and others than the gateway need back. In the database portcullis.
GRANT CONNECT ON DATABASE portcullis TO pc_monitor, pc_auditor, pc_health;

-- The trail's tables, those that are there and those that migrations will make.
GRANT USAGE ON SCHEMA audit TO pc_auditor;
GRANT SELECT ON ALL TABLES IN SCHEMA audit TO pc_auditor;
ALTER DEFAULT PRIVILEGES FOR ROLE pc_owner IN SCHEMA audit GRANT SELECT ON TABLES TO pc_auditor;
