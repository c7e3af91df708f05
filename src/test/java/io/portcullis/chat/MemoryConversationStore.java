package io.portcullis.chat;

import io.portcullis.model.Rejection;
import io.portcullis.model.TenantId;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** The store's promises in a few maps; everything under one lock. */
final class MemoryConversationStore implements ConversationStore {
  private static final Comparator<Position> NEWEST_FIRST =
      Comparator.comparing(Position::createdAt)
          .thenComparing(position -> position.id().toString())
          .reversed();

  private record Owned(TenantId tenant, Conversation conversation) {}

  private record Used(String fingerprint, UUID id, Instant at) {}

  private final Map<UUID, Owned> conversations = new HashMap<>();
  private final Map<UUID, List<Message>> messages = new HashMap<>();
  private final Map<String, Used> keys = new HashMap<>();
  private Instant now = Instant.parse("2026-08-01T10:00:00.123456Z");
  private boolean away;

  /** From now on every call fails, as when the database is away. */
  synchronized void goAway() {
    away = true;
  }

  /** Every creation takes this long after the one before; zero makes equal times. */
  synchronized void advance(long micros) {
    now = now.plus(micros, ChronoUnit.MICROS);
  }

  @Override
  public Future<List<Conversation>> list(Scope scope, Position after, int count) {
    return locked(
        () ->
            conversations.values().stream()
                .filter(owned -> visible(scope, owned))
                .map(Owned::conversation)
                .filter(c -> NEWEST_FIRST.compare(position(c), after) > 0)
                .sorted(Comparator.comparing(MemoryConversationStore::position, NEWEST_FIRST))
                .limit(count)
                .toList());
  }

  @Override
  public Future<Optional<Conversation>> find(Scope scope, UUID id) {
    return locked(() -> visible(scope, id));
  }

  @Override
  public Future<Creation> create(Scope scope, UUID id, String title, Optional<Claim> claim) {
    return locked(
        () ->
            once(
                scope,
                id,
                claim,
                () -> {
                  String owner = scope.owner().orElseThrow();
                  conversations.put(
                      id, new Owned(scope.tenant(), new Conversation(id, owner, title, now, now)));
                  return new Creation.Done(id, now, false);
                }));
  }

  @Override
  public Future<Optional<Conversation>> rename(Scope scope, UUID id, String title) {
    return locked(
        () -> visible(scope, id).map(c -> put(scope, c.id(), c.owner(), title, c.createdAt())));
  }

  @Override
  public Future<Boolean> delete(Scope scope, UUID id) {
    return locked(
        () -> {
          boolean visible = visible(scope, id).isPresent();
          if (visible) {
            conversations.remove(id);
            messages.remove(id);
          }
          return visible;
        });
  }

  @Override
  public Future<Optional<List<Message>>> messages(
      Scope scope, UUID conversation, long after, int count) {
    return locked(
        () ->
            visible(scope, conversation)
                .map(
                    c ->
                        said(conversation).stream()
                            .filter(message -> message.number() > after)
                            .limit(count)
                            .toList()));
  }

  @Override
  public Future<Creation> append(
      Scope scope, UUID conversation, UUID id, String role, String content, Optional<Claim> claim) {
    return locked(
        () ->
            once(
                scope,
                id,
                claim,
                () -> {
                  Optional<Conversation> parent = visible(scope, conversation);
                  if (parent.isEmpty()) {
                    return new Creation.NoParent();
                  }
                  Conversation c = parent.get();
                  List<Message> said = said(conversation);
                  said.add(new Message(id, conversation, said.size() + 1, role, content, now));
                  put(scope, c.id(), c.owner(), c.title(), c.createdAt());
                  return new Creation.Done(id, now, false);
                }));
  }

  private Creation once(Scope scope, UUID id, Optional<Claim> claim, Supplier<Creation> creation) {
    if (claim.isEmpty()) {
      return creation.get();
    }
    String key = scope.tenant() + " " + scope.owner().orElseThrow() + " " + claim.get().key();
    Used used = keys.get(key);
    if (used != null) {
      return used.fingerprint().equals(claim.get().fingerprint())
          ? new Creation.Done(used.id(), used.at(), true)
          : new Creation.KeyReused();
    }
    Creation created = creation.get();
    if (created instanceof Creation.Done) {
      keys.put(key, new Used(claim.get().fingerprint(), id, now));
    }
    return created;
  }

  private Conversation put(Scope scope, UUID id, String owner, String title, Instant createdAt) {
    Conversation changed = new Conversation(id, owner, title, createdAt, now);
    conversations.put(id, new Owned(scope.tenant(), changed));
    return changed;
  }

  private Optional<Conversation> visible(Scope scope, UUID id) {
    return Optional.ofNullable(conversations.get(id))
        .filter(owned -> visible(scope, owned))
        .map(Owned::conversation);
  }

  private static boolean visible(Scope scope, Owned owned) {
    return owned.tenant().equals(scope.tenant())
        && scope.owner().map(owned.conversation().owner()::equals).orElse(true);
  }

  private List<Message> said(UUID conversation) {
    return messages.computeIfAbsent(conversation, created -> new ArrayList<>());
  }

  private static Position position(Conversation conversation) {
    return new Position(conversation.createdAt(), conversation.id());
  }

  private synchronized <T> Future<T> locked(Supplier<T> work) {
    return away
        ? Future.failedFuture(Rejection.unavailable("postgresql"))
        : Future.succeededFuture(work.get());
  }
}
