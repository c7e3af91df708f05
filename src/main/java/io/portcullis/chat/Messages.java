package io.portcullis.chat;

import io.portcullis.model.ServiceRequest;
import io.portcullis.model.ServiceResponse;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The operations on the messages of a conversation: its owner's alone, the tenant's administrator
 * does not read them. A method throws or fails with a {@link io.portcullis.model.Rejection}.
 */
final class Messages {
  private static final String USER = "user";

  private final ConversationStore store;
  private final Supplier<UUID> ids;

  Messages(ConversationStore store, Supplier<UUID> ids) {
    this.store = store;
    this.ids = ids;
  }

  Future<ServiceResponse> list(ServiceRequest request) {
    Parameters.page(request);
    Body.none(request);
    UUID conversation = Parameters.conversation(request);
    int limit = Parameters.limit(request);
    long after =
        Parameters.cursor(request)
            .map(cursor -> Cursor.toMessages(conversation, cursor))
            .orElse(0L);
    return store
        .messages(Scope.own(request), conversation, after, limit + 1)
        .map(found -> found.orElseThrow(Refusals::noConversation))
        .map(found -> Answers.page(found, limit, Answers::message, Cursor::ofMessages));
  }

  Future<ServiceResponse> create(ServiceRequest request) {
    Parameters.none(request);
    UUID conversation = Parameters.conversation(request);
    String content = Body.newContent(request);
    Optional<Claim> claim = IdempotencyKey.claim(request, conversation.toString(), content);
    return store
        .append(Scope.own(request), conversation, ids.get(), USER, content, claim)
        .map(
            creation -> {
              Creation.Done done = Conversations.done(creation);
              Message message = new Message(done.id(), conversation, 0, USER, content, done.at());
              return Answers.created(Answers.message(message), Conversations.creationHeaders(done));
            });
  }
}
