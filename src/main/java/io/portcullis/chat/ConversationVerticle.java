package io.portcullis.chat;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import io.portcullis.model.AuditEvent;
import io.portcullis.model.ServiceRequest;
import io.portcullis.model.ServiceResponse;
import io.portcullis.service.ServiceBus;
import io.portcullis.service.ServiceConsumer;
import io.portcullis.tenant.TenantSession;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The service {@code chat}: conversations and messages of the caller's tenant. Event loop, any
 * number of instances; they share nothing but the database. Operations: {@code conversation.list,
 * .create, .get, .update, .delete} and {@code message.list, .create}; the path parameter {@code id}
 * is the conversation's.
 */
public final class ConversationVerticle extends VerticleBase {
  /** The name of the service on the bus. */
  public static final String SERVICE = "chat";

  private final ServiceBus bus;
  private final Conversations conversations;
  private final Messages messages;
  private @Nullable ServiceConsumer consumer;

  /**
   * The service on PostgreSQL.
   *
   * @param audit makes an event durable, or fails with a {@link io.portcullis.model.Rejection}
   */
  public ConversationVerticle(
      ServiceBus bus,
      TenantSession session,
      Function<AuditEvent, Future<Void>> audit,
      Clock clock) {
    this(bus, new PostgresConversationStore(session), audit, clock);
  }

  ConversationVerticle(
      ServiceBus bus,
      ConversationStore store,
      Function<AuditEvent, Future<Void>> audit,
      Clock clock) {
    TimeBasedEpochGenerator ids = Generators.timeBasedEpochGenerator();
    this.bus = bus;
    this.conversations =
        new Conversations(store, new DeletionTrail(audit, clock, ids::generate), ids::generate);
    this.messages = new Messages(store, ids::generate);
  }

  @Override
  public Future<?> start() {
    return bus.consume(SERVICE, this::serve).onSuccess(registered -> consumer = registered);
  }

  /** Completes when every request in flight is answered. */
  @Override
  public Future<?> stop() {
    return consumer == null ? Future.succeededFuture() : consumer.close();
  }

  private Future<ServiceResponse> serve(ServiceRequest request) {
    return switch (request.operation()) {
      case "conversation.list" -> conversations.list(request);
      case "conversation.create" -> conversations.create(request);
      case "conversation.get" -> conversations.get(request);
      case "conversation.update" -> conversations.update(request);
      case "conversation.delete" -> conversations.delete(request);
      case "message.list" -> messages.list(request);
      case "message.create" -> messages.create(request);
      default -> throw new IllegalArgumentException("a route names an unknown operation of chat");
    };
  }
}
