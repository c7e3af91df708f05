package io.portcullis.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.model.ServiceResponse;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Idempotency keys on a real PostgreSQL: exactly once, whoever comes at once. */
class IdempotencyKeyIT {
  private static ChatOnPostgres chat;

  private Asking alice;

  @BeforeAll
  static void start() {
    chat = ChatOnPostgres.start();
  }

  @AfterAll
  static void stop() {
    chat.close();
  }

  @BeforeEach
  void anotherSubject() {
    alice = chat.somebody();
  }

  @Test
  void usedAtOnce_createsExactlyOne() {
    List<ServiceResponse> answers = all(32, i -> keyed("k", "same"));

    assertEquals(1, answers.stream().map(ServiceResponse::body).distinct().count());
    assertEquals(1, answers.stream().filter(a -> a.headers().size() == 1).count());
    assertEquals(31, answers.stream().filter(IdempotencyKeyIT::replayed).count());
    assertEquals(1, alice.wish("conversation.list").answerBody().getJsonArray("items").size());
  }

  @Test
  void onMessagesAtOnce_storesExactlyOne() {
    String id = alice.create("talk").getString("id");
    List<ServiceResponse> answers =
        all(32, i -> alice.wish("message.create").id(id).key("k").json("{\"content\":\"hi\"}"));

    assertEquals(1, answers.stream().map(ServiceResponse::body).distinct().count());
    assertEquals(31, answers.stream().filter(IdempotencyKeyIT::replayed).count());
    JsonObject page = alice.wish("message.list").id(id).answerBody();
    assertEquals(1, page.getJsonArray("items").size());
    assertEquals(Asking.body(answers.getFirst()), page.getJsonArray("items").getJsonObject(0));
  }

  @Test
  void otherWishesAtOnce_oneWinsTheOthersConflict() {
    List<Future<ServiceResponse>> sent = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      sent.add(keyed("k", "title " + i).send());
    }
    int won = 0;
    for (Future<ServiceResponse> answer : sent) {
      try {
        assertEquals(201, Asking.await(answer).status());
        won++;
      } catch (Rejection refusal) {
        assertEquals(Problem.CONFLICT, refusal.problem());
      }
    }
    assertEquals(1, won);
    assertEquals(1, alice.wish("conversation.list").answerBody().getJsonArray("items").size());
  }

  @Test
  void resourceGone_replaysAllTheSame() {
    ServiceResponse first = keyed("k", "gone").answer();
    alice.wish("conversation.delete").id(Asking.body(first).getString("id")).answer();
    ServiceResponse second = keyed("k", "gone").answer();

    assertEquals(first.body(), second.body());
    assertTrue(replayed(second));
  }

  @Test
  void afterADay_isFreeAndForgotten() {
    for (int i = 0; i < 20; i++) {
      keyed("old-" + i, "old").answer();
    }
    chat.execute(
        "UPDATE ROLE.idempotency SET created_at = created_at - interval '24 hours 1 second'"
            + " WHERE subject = '"
            + alice.subject()
            + "'");
    String old = "idempotency WHERE created_at < now() - interval '24 hours'";
    int before = chat.count(old);

    ServiceResponse again = keyed("old-19", "something else").answer();
    assertFalse(replayed(again));
    int after = chat.count(old);
    assertTrue(after < before && after >= before - 9, before + " to " + after);
    List<ServiceResponse> answers = all(16, i -> keyed("old-18", "old"));
    assertEquals(15, answers.stream().filter(IdempotencyKeyIT::replayed).count());
    assertEquals(0, chat.count(old));
  }

  @Test
  void append_unknownConversation_leavesNothing() {
    String unknown = UUID.randomUUID().toString();
    Wish wish = alice.wish("message.create").id(unknown).json("{\"content\":\"x\"}");

    assertEquals(Problem.NOT_FOUND, wish.refusal().problem());
    assertEquals(Problem.NOT_FOUND, wish.key("k").refusal().problem());
    assertEquals(0, chat.count("idempotency WHERE subject = '" + alice.subject() + "'"));
  }

  private Wish keyed(String key, String title) {
    return alice.wish("conversation.create").key(key).json("{\"title\":\"" + title + "\"}");
  }

  private static List<ServiceResponse> all(int count, java.util.function.IntFunction<Wish> wish) {
    List<Future<ServiceResponse>> sent = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sent.add(wish.apply(i).send());
    }
    List<ServiceResponse> answers = new ArrayList<>();
    sent.forEach(answer -> answers.add(Asking.await(answer)));
    assertEquals(
        Set.of(201), new HashSet<>(answers.stream().map(ServiceResponse::status).toList()));
    return answers;
  }

  private static boolean replayed(ServiceResponse answer) {
    return "true".equals(answer.headers().get("idempotency-replayed"));
  }
}
