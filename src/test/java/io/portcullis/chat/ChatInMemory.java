package io.portcullis.chat;

import io.portcullis.model.AuditEvent;
import io.portcullis.service.ServiceBus;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.function.Function;

/** The chat service, twice, on a store in memory. */
final class ChatInMemory implements AutoCloseable {
  final MemoryConversationStore store = new MemoryConversationStore();
  final ServiceBus bus;
  private final Vertx vertx = Vertx.vertx();

  /** Whose trail takes everything. */
  ChatInMemory() {
    this(event -> Future.succeededFuture());
  }

  ChatInMemory(Function<AuditEvent, Future<Void>> trail) {
    bus = new ServiceBus(vertx, Clock.systemUTC());
    Asking.await(
        vertx.deployVerticle(
            () -> new ConversationVerticle(bus, store, trail, Clock.systemUTC()),
            new DeploymentOptions().setInstances(2)));
  }

  /** A user of acme. */
  Asking user(String subject) {
    return Asking.user(bus, Asking.ACME, subject);
  }

  @Override
  public void close() {
    Asking.await(vertx.close());
  }
}
