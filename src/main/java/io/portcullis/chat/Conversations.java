package io.portcullis.chat;

import io.portcullis.model.ServiceRequest;
import io.portcullis.model.ServiceResponse;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The operations on conversations. A method throws or fails with a {@link
 * io.portcullis.model.Rejection}; what the caller may not see is not found, never forbidden.
 */
final class Conversations {
  private static final String PATH = "/api/v1/conversations/";
  private static final String REPLAYED = "idempotency-replayed";

  private final ConversationStore store;
  private final DeletionTrail trail;
  private final Supplier<UUID> ids;

  Conversations(ConversationStore store, DeletionTrail trail, Supplier<UUID> ids) {
    this.store = store;
    this.trail = trail;
    this.ids = ids;
  }

  Future<ServiceResponse> list(ServiceRequest request) {
    Parameters.page(request);
    Body.none(request);
    int limit = Parameters.limit(request);
    Position after = Parameters.cursor(request).map(Cursor::toConversations).orElse(Position.START);
    return store
        .list(Scope.administered(request), after, limit + 1)
        .map(found -> Answers.page(found, limit, Answers::conversation, Cursor::ofConversations));
  }

  Future<ServiceResponse> create(ServiceRequest request) {
    Parameters.none(request);
    String title = Body.newTitle(request);
    Optional<Claim> claim = IdempotencyKey.claim(request, "", title);
    Scope scope = Scope.own(request);
    return store
        .create(scope, ids.get(), title, claim)
        .map(
            creation -> {
              Creation.Done done = done(creation);
              Conversation created =
                  new Conversation(
                      done.id(), request.caller().subject(), title, done.at(), done.at());
              Map<String, String> headers = creationHeaders(done);
              headers.put("location", PATH + done.id());
              return Answers.created(Answers.conversation(created), headers);
            });
  }

  Future<ServiceResponse> get(ServiceRequest request) {
    Parameters.none(request);
    Body.none(request);
    return found(store.find(Scope.administered(request), Parameters.conversation(request)));
  }

  /** A merge patch that changes nothing is allowed and leaves {@code updated_at} alone. */
  Future<ServiceResponse> update(ServiceRequest request) {
    Parameters.none(request);
    UUID id = Parameters.conversation(request);
    Scope scope = Scope.own(request);
    return found(
        Body.changedTitle(request)
            .map(title -> store.rename(scope, id, title))
            .orElseGet(() -> store.find(scope, id)));
  }

  Future<ServiceResponse> delete(ServiceRequest request) {
    Parameters.none(request);
    Body.none(request);
    UUID id = Parameters.conversation(request);
    return trail
        .around(request, id, () -> store.delete(Scope.administered(request), id))
        .map(
            deleted -> {
              if (!deleted) {
                throw Refusals.noConversation();
              }
              return Answers.noContent();
            });
  }

  /** The creation as it went well, or the refusal. */
  static Creation.Done done(Creation creation) {
    return switch (creation) {
      case Creation.Done done -> done;
      case Creation.KeyReused reused -> throw IdempotencyKey.reused();
      case Creation.NoParent none -> throw Refusals.noConversation();
    };
  }

  static Map<String, String> creationHeaders(Creation.Done done) {
    Map<String, String> headers = new HashMap<>();
    if (done.replayed()) {
      headers.put(REPLAYED, "true");
    }
    return headers;
  }

  private static Future<ServiceResponse> found(Future<Optional<Conversation>> conversation) {
    return conversation.map(
        found -> Answers.ok(Answers.conversation(found.orElseThrow(Refusals::noConversation))));
  }
}
