-- Conversations and messages of one tenant. Run as pc_owner, in the tenant's schema.

CREATE TABLE conversation (
  id uuid PRIMARY KEY,
  owner text NOT NULL,
  title text NOT NULL,
  message_count bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX conversation_of_owner ON conversation (owner, created_at DESC, id DESC);
CREATE INDEX conversation_by_creation ON conversation (created_at DESC, id DESC);

-- Numbered under the lock of the conversation's row: without gaps, in the order of commits.
CREATE TABLE message (
  id uuid PRIMARY KEY,
  conversation_id uuid NOT NULL REFERENCES conversation ON DELETE CASCADE,
  number bigint NOT NULL CHECK (number > 0),
  role text NOT NULL CHECK (role IN ('user', 'assistant', 'system')),
  content text NOT NULL,
  created_at timestamptz NOT NULL,
  UNIQUE (conversation_id, number)
);

-- A key belongs to its subject for a day. The answer is not kept: id and time are here, and the
-- repeated request brings the rest itself, which the fingerprint proves.
CREATE TABLE idempotency (
  subject text NOT NULL,
  key text NOT NULL,
  fingerprint text NOT NULL,
  resource uuid NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (subject, key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);

-- The default privileges of the schema say the same; both, so that neither alone decides.
GRANT SELECT, INSERT, UPDATE, DELETE ON conversation, message, idempotency TO "${role}";
REVOKE ALL ON flyway_schema_history FROM "${role}";
