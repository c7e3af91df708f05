package io.portcullis.chat;

import io.portcullis.tenant.Access;
import io.portcullis.tenant.Row;
import io.portcullis.tenant.Rows;
import io.portcullis.tenant.Statement;
import io.portcullis.tenant.TenantSession;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Conversations in the tenant's schema; every call is one unit of work and one round trip. */
final class PostgresConversationStore implements ConversationStore {
  private final TenantSession session;

  PostgresConversationStore(TenantSession session) {
    this.session = session;
  }

  @Override
  public Future<List<Conversation>> list(Scope scope, Position after, int count) {
    Statement list =
        scope
            .owner()
            .map(
                owner ->
                    Statement.of(
                        ConversationSql.LIST_OWN,
                        owner,
                        after.createdAt(),
                        after.id(),
                        (long) count))
            .orElseGet(
                () ->
                    Statement.of(
                        ConversationSql.LIST_ALL, after.createdAt(), after.id(), (long) count));
    return session
        .run(scope.tenant(), Access.READ, list)
        .map(results -> all(results.getFirst(), PostgresConversationStore::conversation));
  }

  @Override
  public Future<Optional<Conversation>> find(Scope scope, UUID id) {
    return session
        .run(scope.tenant(), Access.READ, findStatement(scope, id))
        .map(PostgresConversationStore::conversation);
  }

  @Override
  public Future<Optional<Conversation>> rename(Scope scope, UUID id, String title) {
    return session
        .run(
            scope.tenant(),
            Access.WRITE,
            Statement.of(ConversationSql.RENAME, id, ownerOrNull(scope), title))
        .map(PostgresConversationStore::conversation);
  }

  @Override
  public Future<Boolean> delete(Scope scope, UUID id) {
    return session
        .run(
            scope.tenant(),
            Access.WRITE,
            Statement.of(ConversationSql.DELETE, id, ownerOrNull(scope)))
        .map(results -> results.getFirst().rowCount() > 0);
  }

  @Override
  public Future<Creation> create(Scope scope, UUID id, String title, Optional<Claim> claim) {
    String owner = scope.owner().orElseThrow();
    return claim
        .map(
            once ->
                claimed(
                    scope,
                    once,
                    Statement.of(
                        ConversationSql.CREATE_ONCE,
                        owner,
                        id,
                        title,
                        once.key(),
                        once.fingerprint())))
        .orElseGet(() -> unclaimed(scope, Statement.of(ConversationSql.CREATE, owner, id, title)));
  }

  @Override
  public Future<Optional<List<Message>>> messages(
      Scope scope, UUID conversation, long after, int count) {
    return session
        .run(
            scope.tenant(),
            Access.READ,
            findStatement(scope, conversation),
            Statement.of(
                ConversationSql.MESSAGES, conversation, ownerOrNull(scope), after, (long) count))
        .map(
            results ->
                results
                    .getFirst()
                    .first()
                    .map(found -> all(results.getLast(), PostgresConversationStore::message)));
  }

  @Override
  public Future<Creation> append(
      Scope scope, UUID conversation, UUID id, String role, String content, Optional<Claim> claim) {
    String owner = scope.owner().orElseThrow();
    return claim
        .map(
            once ->
                claimed(
                    scope,
                    once,
                    Statement.of(
                        ConversationSql.APPEND_ONCE,
                        conversation,
                        owner,
                        id,
                        role,
                        content,
                        once.key(),
                        once.fingerprint())))
        .orElseGet(
            () ->
                unclaimed(
                    scope,
                    Statement.of(ConversationSql.APPEND, conversation, owner, id, role, content)));
  }

  private Future<Creation> unclaimed(Scope scope, Statement creation) {
    return session
        .run(scope.tenant(), Access.WRITE, creation)
        .map(
            results ->
                results
                    .getFirst()
                    .first()
                    .map(row -> done(row, "id", false))
                    .orElseGet(Creation.NoParent::new));
  }

  private Future<Creation> claimed(Scope scope, Claim claim, Statement creation) {
    Statement claimed =
        Statement.of(ConversationSql.CLAIMED, scope.owner().orElseThrow(), claim.key());
    return session
        .run(scope.tenant(), Access.WRITE, creation, claimed, Statement.of(ConversationSql.FORGET))
        .map(
            results ->
                results
                    .get(0)
                    .first()
                    .map(row -> done(row, "id", false))
                    .or(() -> results.get(1).first().map(row -> earlier(row, claim)))
                    .orElseGet(Creation.NoParent::new));
  }

  private static Creation earlier(Row row, Claim claim) {
    return row.text("fingerprint").equals(claim.fingerprint())
        ? done(row, "resource", true)
        : new Creation.KeyReused();
  }

  private static Creation done(Row row, String id, boolean replayed) {
    return new Creation.Done(row.uuid(id), row.instant("created_at"), replayed);
  }

  private static Statement findStatement(Scope scope, UUID id) {
    return Statement.of(ConversationSql.FIND, id, ownerOrNull(scope));
  }

  /** SQL's own way to say every owner. */
  private static @Nullable String ownerOrNull(Scope scope) {
    return scope.owner().orElse(null);
  }

  private static <T> List<T> all(Rows rows, Function<Row, T> read) {
    List<T> all = new ArrayList<>(rows.list().size());
    for (Row row : rows.list()) {
      all.add(read.apply(row));
    }
    return all;
  }

  private static Optional<Conversation> conversation(List<Rows> results) {
    return results.getFirst().first().map(PostgresConversationStore::conversation);
  }

  private static Conversation conversation(Row row) {
    return new Conversation(
        row.uuid("id"),
        row.text("owner"),
        row.text("title"),
        row.instant("created_at"),
        row.instant("updated_at"));
  }

  private static Message message(Row row) {
    return new Message(
        row.uuid("id"),
        row.uuid("conversation_id"),
        row.number("number"),
        row.text("role"),
        row.text("content"),
        row.instant("created_at"));
  }
}
