package io.portcullis.chat;

/**
 * The statements of {@link PostgresConversationStore}, for the tables of {@code db/tenant}.
 *
 * <p>An idempotent creation is one statement: the key is claimed, and only from a claimed key does
 * the row come into being. Of two at once, the unique key lets one through; the other waits for its
 * commit and claims nothing. So that it can see whose key it is, {@link #CLAIMED} must be a
 * statement of its own behind it, with a snapshot of its own (READ COMMITTED), in the same round
 * trip. A key that is past its time is claimed as if it were free.
 *
 * <p>Messages are numbered under the lock of their conversation's row: without gaps, and in the
 * order of their commits, so that a reader who goes on behind a number never misses one.
 */
final class ConversationSql {
  private static final String COLUMNS = "id, owner, title, created_at, updated_at";
  private static final String KEY_LIFE = "interval '24 hours'";
  private static final String VISIBLE = "id = $1 AND ($2::text IS NULL OR owner = $2)";

  private static final String UNLESS_USED =
      " ON CONFLICT (subject, key) DO UPDATE SET fingerprint = excluded.fingerprint,"
          + " resource = excluded.resource, created_at = excluded.created_at"
          + " WHERE i.created_at <= now() - "
          + KEY_LIFE
          + " RETURNING resource, created_at";

  /** Of one owner: owner, position (2), count. */
  static final String LIST_OWN =
      "SELECT "
          + COLUMNS
          + " FROM conversation WHERE owner = $1 AND (created_at, id) < ($2, $3)"
          + " ORDER BY created_at DESC, id DESC LIMIT $4";

  /** Of the tenant: position (2), count. */
  static final String LIST_ALL =
      "SELECT "
          + COLUMNS
          + " FROM conversation WHERE (created_at, id) < ($1, $2)"
          + " ORDER BY created_at DESC, id DESC LIMIT $3";

  /** Id, owner or null. */
  static final String FIND = "SELECT " + COLUMNS + " FROM conversation WHERE " + VISIBLE;

  /** Id, owner or null. */
  static final String DELETE = "DELETE FROM conversation WHERE " + VISIBLE;

  /** Id, owner or null, title. */
  static final String RENAME =
      "UPDATE conversation SET title = $3, updated_at = greatest(clock_timestamp(), updated_at)"
          + " WHERE "
          + VISIBLE
          + " RETURNING "
          + COLUMNS;

  /** Owner, id, title. */
  static final String CREATE =
      "INSERT INTO conversation (id, owner, title, created_at, updated_at)"
          + " VALUES ($2, $1, $3, now(), now()) RETURNING id, created_at";

  /** Owner, id, title, key, fingerprint. */
  static final String CREATE_ONCE =
      "WITH claim AS (INSERT INTO idempotency AS i"
          + " (subject, key, fingerprint, resource, created_at) VALUES ($1, $4, $5, $2, now())"
          + UNLESS_USED
          + ") INSERT INTO conversation (id, owner, title, created_at, updated_at)"
          + " SELECT resource, $1, $3, created_at, created_at FROM claim"
          + " RETURNING id, created_at";

  /** Conversation, owner, after, count. */
  static final String MESSAGES =
      "SELECT m.id, m.conversation_id, m.number, m.role, m.content, m.created_at"
          + " FROM conversation c JOIN message m ON m.conversation_id = c.id"
          + " WHERE c.id = $1 AND ($2::text IS NULL OR c.owner = $2) AND m.number > $3"
          + " ORDER BY m.number LIMIT $4";

  /** Conversation, owner, id, role, content. */
  static final String APPEND =
      "WITH target AS (UPDATE conversation SET message_count = message_count + 1,"
          + " updated_at = greatest(clock_timestamp(), updated_at) WHERE "
          + VISIBLE
          + " RETURNING id, message_count, updated_at)"
          + " INSERT INTO message (id, conversation_id, number, role, content, created_at)"
          + " SELECT $3, id, message_count, $4, $5, updated_at FROM target"
          + " RETURNING id, created_at";

  /**
   * Conversation, owner, id, role, content, key, fingerprint. The place and the time are taken
   * under the row's lock, first, because the claim keeps the time as well.
   */
  static final String APPEND_ONCE =
      "WITH target AS (SELECT id, message_count + 1 AS number,"
          + " greatest(clock_timestamp(), updated_at) AS at FROM conversation"
          + " WHERE id = $1 AND owner = $2 FOR UPDATE),"
          + " claim AS (INSERT INTO idempotency AS i"
          + " (subject, key, fingerprint, resource, created_at)"
          + " SELECT $2, $6, $7, $3, at FROM target"
          + UNLESS_USED
          + "), touched AS (UPDATE conversation c"
          + " SET message_count = target.number, updated_at = target.at"
          + " FROM target, claim WHERE c.id = target.id RETURNING c.id)"
          + " INSERT INTO message (id, conversation_id, number, role, content, created_at)"
          + " SELECT claim.resource, touched.id, target.number, $4, $5, target.at"
          + " FROM target, claim, touched RETURNING id, created_at";

  /** Subject, key. */
  static final String CLAIMED =
      "SELECT fingerprint, resource, created_at FROM idempotency"
          + " WHERE subject = $1 AND key = $2 AND created_at > now() - "
          + KEY_LIFE;

  /**
   * A few keys past their time; each creation with a key removes more than it adds, so the rest
   * never grows. Never waits for anybody.
   */
  static final String FORGET =
      "DELETE FROM idempotency WHERE (subject, key) IN (SELECT subject, key FROM idempotency"
          + " WHERE created_at <= now() - "
          + KEY_LIFE
          + " ORDER BY created_at LIMIT 8 FOR UPDATE SKIP LOCKED)";

  private ConversationSql() {}
}
