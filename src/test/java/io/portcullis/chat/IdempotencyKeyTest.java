package io.portcullis.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.model.ServiceResponse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IdempotencyKeyTest {
  private final ChatInMemory chat = new ChatInMemory();
  private final Asking alice = chat.user("alice");
  private final Asking ada = chat.user("ada");
  private final Asking bob = Asking.user(chat.bus, Asking.GLOBEX, "alice");

  @AfterEach
  void stop() {
    chat.close();
  }

  @Test
  void sameWish_replaysTheFirstAnswer() {
    ServiceResponse first = create("k", "{\"title\":\"one\"}");
    chat.store.advance(99);
    alice
        .wish("conversation.update")
        .id(Asking.body(first).getString("id"))
        .json("{\"title\":\"two\"}")
        .answer();
    ServiceResponse second = create("k", " { \"title\" : \"\\u006fne \" } ");

    assertEquals(first.body(), second.body());
    assertEquals(201, second.status());
    assertEquals(first.headers().get("location"), second.headers().get("location"));
    assertFalse(first.headers().containsKey("idempotency-replayed"));
    assertEquals("true", second.headers().get("idempotency-replayed"));
    assertEquals(List.of("two"), alice.titles());
  }

  @Test
  void otherWish_conflicts() {
    String id = Asking.body(create("k", "{\"title\":\"one\"}")).getString("id");

    Rejection refusal =
        alice.wish("conversation.create").key("k").json("{\"title\":\"two\"}").refusal();
    assertEquals(Problem.CONFLICT, refusal.problem());
    assertTrue(refusal.detail().startsWith("Idempotency-Key: "), refusal.detail());
    assertEquals(
        Problem.CONFLICT,
        alice
            .wish("message.create")
            .id(id)
            .key("k")
            .json("{\"content\":\"one\"}")
            .refusal()
            .problem());
    assertEquals(List.of("one"), alice.titles());
  }

  @Test
  void ofAnotherSubjectOrTenant_isAnotherKey() {
    create("k", "{\"title\":\"one\"}");
    String adas =
        ada.wish("conversation.create")
            .key("k")
            .json("{\"title\":\"x\"}")
            .answerBody()
            .getString("owner");
    String bobs =
        bob.wish("conversation.create")
            .key("k")
            .json("{\"title\":\"y\"}")
            .answerBody()
            .getString("owner");

    assertEquals(List.of("ada", "alice"), List.of(adas, bobs));
  }

  @Test
  void onMessages_isOncePerConversation() {
    String one = alice.create("one").getString("id");
    String two = alice.create("two").getString("id");
    Wish wish = alice.wish("message.create").id(one).key("k").json("{\"content\":\"hi\"}");

    assertEquals(wish.answer().body(), wish.answer().body());
    assertEquals(
        Problem.CONFLICT,
        alice
            .wish("message.create")
            .id(two)
            .key("k")
            .json("{\"content\":\"hi\"}")
            .refusal()
            .problem());
    assertEquals(1, alice.wish("message.list").id(one).answerBody().getJsonArray("items").size());
  }

  @Test
  void unknownConversation_isNotUsedUp() {
    String unknown = UUID.randomUUID().toString();
    assertEquals(
        Problem.NOT_FOUND,
        alice
            .wish("message.create")
            .id(unknown)
            .key("k")
            .json("{\"content\":\"hi\"}")
            .refusal()
            .problem());

    assertEquals(201, create("k", "{\"title\":\"one\"}").status());
  }

  private ServiceResponse create(String key, String body) {
    return alice.wish("conversation.create").key(key).json(body).answer();
  }
}
