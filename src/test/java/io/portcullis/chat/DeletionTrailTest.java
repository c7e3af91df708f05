package io.portcullis.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.model.AuditEvent;
import io.portcullis.model.AuditEvent.Outcome;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.model.ServiceResponse;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeletionTrailTest {
  private final List<AuditEvent> events = new CopyOnWriteArrayList<>();
  private final AtomicInteger recordable = new AtomicInteger(Integer.MAX_VALUE);
  private final ChatInMemory chat = new ChatInMemory(this::record);
  private final Asking alice = chat.user("alice");

  @AfterEach
  void stop() {
    chat.close();
  }

  @Test
  void delete_done_recordsBeforeAndAfter() {
    String id = alice.create("gone").getString("id");
    ServiceResponse response = alice.wish("conversation.delete").id(id).answer();

    assertEquals(204, response.status());
    assertEquals(0, response.body().length());
    assertEquals(List.of(Outcome.REQUESTED, Outcome.SUCCESS), outcomes());
    AuditEvent event = events.getFirst();
    assertEquals("conversation.delete", event.type());
    assertEquals(AuditEvent.Weight.CRITICAL, event.weight());
    assertEquals(Asking.ACME.id().value(), event.chain());
    assertEquals("alice", event.actor());
    assertEquals("request-1", event.requestId());
    assertEquals(id, event.details().get("conversation"));
    assertNotEquals(events.getFirst().id(), events.getLast().id());
    assertEquals(event.at().truncatedTo(ChronoUnit.MICROS), event.at());
    assertTrue(!event.at().isAfter(Instant.now()));
    assertEquals(Problem.NOT_FOUND, alice.wish("conversation.get").id(id).refusal().problem());
  }

  @Test
  void delete_nothingThere_isRecordedAsRefused() {
    String id = UUID.randomUUID().toString();

    assertEquals(Problem.NOT_FOUND, alice.wish("conversation.delete").id(id).refusal().problem());
    assertEquals(List.of(Outcome.REQUESTED, Outcome.REFUSED), outcomes());
  }

  @Test
  void delete_auditAway_deletesNothing() {
    String id = alice.create("stays").getString("id");
    recordable.set(0);

    Rejection refusal = alice.wish("conversation.delete").id(id).refusal();
    assertEquals(Problem.DEPENDENCY_UNAVAILABLE, refusal.problem());
    assertEquals("stays", alice.get(id).getString("title"));
  }

  @Test
  void delete_auditLostAfterwards_saysWhatIsTrue() {
    String id = alice.create("gone").getString("id");
    recordable.set(1);

    assertEquals(204, alice.wish("conversation.delete").id(id).answer().status());
    assertEquals(List.of(Outcome.REQUESTED), outcomes());
  }

  @Test
  void delete_databaseAway_isRecordedAsFailure() {
    chat.store.goAway();

    Rejection refusal =
        alice.wish("conversation.delete").id(UUID.randomUUID().toString()).refusal();
    assertEquals(Problem.DEPENDENCY_UNAVAILABLE, refusal.problem());
    assertEquals(List.of(Outcome.REQUESTED, Outcome.FAILURE), outcomes());
    assertEquals("postgresql-unavailable", events.getLast().reason());
  }

  private Future<Void> record(AuditEvent event) {
    if (recordable.getAndDecrement() <= 0) {
      return Future.failedFuture(Rejection.unavailable("audit"));
    }
    events.add(event);
    return Future.succeededFuture();
  }

  private List<Outcome> outcomes() {
    return events.stream().map(AuditEvent::outcome).toList();
  }
}
