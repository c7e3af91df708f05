-- Conversations and messages of one tenant. Run as pc_owner, in the tenant's schema.

CREATE TABLE conversation (
  id uuid PRIMARY KEY,
  owner text NOT NULL,
  title text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX conversation_by_update ON conversation (owner, updated_at DESC, id DESC);
CREATE INDEX conversation_by_creation ON conversation (owner, created_at DESC, id DESC);

CREATE TABLE message (
  id uuid PRIMARY KEY,
  conversation_id uuid NOT NULL REFERENCES conversation ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('user', 'assistant', 'system')),
  author text NOT NULL,
  content text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX message_by_creation ON message (conversation_id, created_at DESC, id DESC);

CREATE TABLE idempotency (
  subject text NOT NULL,
  key text NOT NULL,
  operation text NOT NULL,
  request_hash bytea NOT NULL,
  response_status int,
  response_body text,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (subject, key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);

-- The default privileges of the schema say the same; both, so that neither alone decides.
GRANT SELECT, INSERT, UPDATE, DELETE ON conversation, message, idempotency TO "${role}";
REVOKE ALL ON flyway_schema_history FROM "${role}";
