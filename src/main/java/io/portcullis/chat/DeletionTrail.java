package io.portcullis.chat;

import io.portcullis.model.AuditEvent;
import io.portcullis.model.AuditEvent.Outcome;
import io.portcullis.model.Rejection;
import io.portcullis.model.ServiceRequest;
import io.portcullis.model.Tenant;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes under the eyes of the audit trail: that it is about to happen is durable before it
 * happens, and how it ended before the caller hears of it. Without the first nothing is deleted.
 * When only the second cannot be recorded, the truth is told to the caller all the same: the
 * deletion cannot be undone, and the trail holds that it was requested.
 */
final class DeletionTrail {
  private static final Logger LOG = LoggerFactory.getLogger(DeletionTrail.class);
  private static final String TYPE = "conversation.delete";

  private final Function<AuditEvent, Future<Void>> audit;
  private final Clock clock;
  private final Supplier<UUID> ids;

  DeletionTrail(Function<AuditEvent, Future<Void>> audit, Clock clock, Supplier<UUID> ids) {
    this.audit = audit;
    this.clock = clock;
    this.ids = ids;
  }

  /**
   * Runs a deletion.
   *
   * @param deletion completes with whether there was something to delete
   */
  Future<Boolean> around(
      ServiceRequest request, UUID conversation, Supplier<Future<Boolean>> deletion) {
    return audit
        .apply(event(request, conversation, Outcome.REQUESTED, ""))
        .compose(durable -> concluded(request, conversation, deletion.get()));
  }

  private Future<Boolean> concluded(
      ServiceRequest request, UUID conversation, Future<Boolean> deletion) {
    return deletion.transform(
        result ->
            audit
                .apply(conclusion(request, conversation, result))
                .onFailure(failure -> warn(request, failure))
                .transform(recorded -> deletion));
  }

  private AuditEvent conclusion(
      ServiceRequest request, UUID conversation, AsyncResult<Boolean> result) {
    if (result.failed()) {
      String reason =
          result.cause() instanceof Rejection rejection ? rejection.reason() : "internal";
      return event(request, conversation, Outcome.FAILURE, reason);
    }
    return result.result()
        ? event(request, conversation, Outcome.SUCCESS, "")
        : event(request, conversation, Outcome.REFUSED, "no-conversation");
  }

  private static void warn(ServiceRequest request, Throwable failure) {
    LOG.atWarn()
        .addKeyValue("event.action", "audit.conclusion-lost")
        .addKeyValue("event.type", TYPE)
        .addKeyValue("http.request.id", request.id())
        .addKeyValue("error.message", failure.getMessage())
        .log("how a deletion ended could not be recorded; that it was requested is");
  }

  private AuditEvent event(
      ServiceRequest request, UUID conversation, Outcome outcome, String reason) {
    return new AuditEvent(
        ids.get(),
        clock.instant().truncatedTo(ChronoUnit.MICROS),
        TYPE,
        AuditEvent.Weight.CRITICAL,
        request.caller().tenant().map(Tenant::id),
        request.caller().subject(),
        outcome,
        reason,
        request.id(),
        AuditEvent.details(Map.of("conversation", conversation.toString())));
  }
}
