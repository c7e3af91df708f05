package io.portcullis.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.model.ServiceResponse;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConversationVerticleTest {
  private final ChatInMemory chat = new ChatInMemory();
  private final MemoryConversationStore store = chat.store;
  private final Asking alice = chat.user("alice");
  private final Asking ada = Asking.admin(chat.bus, Asking.ACME, "ada");
  private final Asking bob = Asking.admin(chat.bus, Asking.GLOBEX, "bob");

  @AfterEach
  void stop() {
    chat.close();
  }

  @Test
  void create_valid_answersTheConversation() {
    ServiceResponse response =
        alice.wish("conversation.create").json("{\"title\":\"  Grüße \\uD83D\\uDE00 \"}").answer();
    JsonObject body = Asking.body(response);

    assertEquals(201, response.status());
    assertEquals("application/json", response.contentType());
    assertEquals(
        "/api/v1/conversations/" + body.getString("id"), response.headers().get("location"));
    assertEquals(Set.of("id", "title", "owner", "created_at", "updated_at"), body.fieldNames());
    assertEquals(7, UUID.fromString(body.getString("id")).version());
    assertEquals("Grüße 😀", body.getString("title"));
    assertEquals("alice", body.getString("owner"));
    assertEquals("2026-08-01T10:00:00.123456Z", body.getString("created_at"));
    assertEquals(body, alice.get(body.getString("id")));
  }

  @Test
  void create_longestTitleAndMediaTypeForms_areTaken() {
    for (String type :
        new String[] {
          "application/json",
          "Application/JSON",
          "application/json;charset=utf-8",
          "application/json ; charset=\"UTF-8\""
        }) {
      JsonObject created =
          alice
              .wish("conversation.create")
              .header("content-type", type)
              .json("{\"title\":\"" + "\\uD83D\\uDE00".repeat(200) + "\"}")
              .answerBody();
      assertEquals(400, created.getString("title").length());
    }
  }

  @Test
  void others_conversation_doesNotExist() {
    String id = alice.create("secret").getString("id");
    alice.say(id, "hello");
    Asking eve = chat.user("eve");
    Asking namesake = Asking.user(chat.bus, Asking.GLOBEX, "alice");

    for (Asking stranger : List.of(eve, namesake, bob)) {
      for (Wish wish : everyOperationOn(stranger, id)) {
        Rejection refusal = wish.refusal();
        assertEquals(Problem.NOT_FOUND, refusal.problem());
        assertEquals("There is no conversation with this id.", refusal.detail());
      }
      assertTrue(stranger.titles().isEmpty());
    }
    assertEquals("secret", alice.get(id).getString("title"));
  }

  @Test
  void tenantAdmin_ofTheTenant_listsGetsAndDeletesButDoesNotRead() {
    String id = alice.create("work").getString("id");

    assertEquals(List.of("work"), ada.titles());
    assertEquals("alice", ada.get(id).getString("owner"));
    assertEquals(
        Problem.NOT_FOUND,
        ada.wish("conversation.update").id(id).json("{\"title\":\"x\"}").refusal().problem());
    assertEquals(Problem.NOT_FOUND, ada.wish("message.list").id(id).refusal().problem());
    assertEquals(204, ada.wish("conversation.delete").id(id).answer().status());
    assertTrue(alice.titles().isEmpty());
  }

  @Test
  void update_title_changesTitleAndTime() {
    JsonObject before = alice.create("old");
    store.advance(1_000_000);
    JsonObject after =
        alice
            .wish("conversation.update")
            .id(before.getString("id").toUpperCase(java.util.Locale.ROOT))
            .header("content-type", "application/merge-patch+json")
            .json("{\"title\":\" new \"}")
            .answerBody();

    assertEquals("new", after.getString("title"));
    assertEquals(before.getString("created_at"), after.getString("created_at"));
    assertEquals("2026-08-01T10:00:01.123456Z", after.getString("updated_at"));
  }

  @Test
  void update_emptyPatch_changesNothing() {
    JsonObject before = alice.create("old");
    store.advance(1_000_000);

    assertEquals(
        before,
        alice.wish("conversation.update").id(before.getString("id")).json("{}").answerBody());
  }

  @Test
  void list_pagesWhileOthersAreCreated_everyOldOneOnceNewestFirst() {
    List<String> created = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      created.add(alice.create("c" + i).getString("id"));
      store.advance(i % 3 == 0 ? 0 : 1);
    }
    List<String> seen = new ArrayList<>();
    Wish wish = alice.wish("conversation.list").query("limit", "4");
    for (JsonObject page = wish.answerBody(); ; ) {
      page.getJsonArray("items").forEach(item -> seen.add(((JsonObject) item).getString("id")));
      store.advance(5);
      alice.create("newer");
      String next = page.getString("next_cursor");
      if (next == null) {
        break;
      }
      page = alice.wish("conversation.list").query("limit", "4").query("cursor", next).answerBody();
    }

    assertEquals(25, seen.size());
    assertEquals(new HashSet<>(created), new HashSet<>(seen));
    assertEquals(created.getLast(), seen.getFirst());
  }

  @Test
  void list_exactlyOnePage_noNextCursor() {
    for (int i = 0; i < 20; i++) {
      alice.create("c" + i);
    }
    JsonObject page = alice.wish("conversation.list").answerBody();

    assertEquals(20, page.getJsonArray("items").size());
    assertEquals(Set.of("items"), page.fieldNames());
  }

  @Test
  void messages_paged_oldestFirst() {
    String id = alice.create("talk").getString("id");
    for (int i = 0; i < 7; i++) {
      alice.say(id, "m" + i);
    }
    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      Wish wish = alice.wish("message.list").id(id).query("limit", "3");
      JsonObject page = (cursor.isEmpty() ? wish : wish.query("cursor", cursor)).answerBody();
      page.getJsonArray("items").forEach(m -> seen.add(((JsonObject) m).getString("content")));
      cursor = page.getString("next_cursor", "");
    } while (!cursor.isEmpty());

    assertEquals(List.of("m0", "m1", "m2", "m3", "m4", "m5", "m6"), seen);
  }

  @Test
  void say_valid_answersTheMessageAndTouchesTheConversation() {
    String id = alice.create("talk").getString("id");
    store.advance(7);
    String content = "line\n\ttab \u0007 😀" + "x".repeat(31_986);
    ServiceResponse response =
        alice
            .wish("message.create")
            .id(id)
            .json(new JsonObject().put("content", content).encode())
            .answer();
    JsonObject body = Asking.body(response);

    assertEquals(201, response.status());
    assertEquals(
        Set.of("id", "conversation_id", "role", "content", "created_at"), body.fieldNames());
    assertEquals(content, body.getString("content"));
    assertEquals("user", body.getString("role"));
    assertEquals(id, body.getString("conversation_id"));
    assertEquals(body.getString("created_at"), alice.get(id).getString("updated_at"));
  }

  @Test
  void any_databaseAway_unavailable() {
    store.goAway();

    for (Wish wish : everyOperationOn(alice, UUID.randomUUID().toString())) {
      assertEquals(Problem.DEPENDENCY_UNAVAILABLE, wish.refusal().problem());
    }
  }

  @Test
  void unknownOperation_isOurMistake() {
    assertEquals(Problem.INTERNAL, alice.wish("conversation.explode").refusal().problem());
  }

  private static List<Wish> everyOperationOn(Asking who, String id) {
    return List.of(
        who.wish("conversation.get").id(id),
        who.wish("conversation.update").id(id).json("{\"title\":\"x\"}"),
        who.wish("conversation.update").id(id).json("{}"),
        who.wish("conversation.delete").id(id),
        who.wish("message.list").id(id),
        who.wish("message.create").id(id).json("{\"content\":\"x\"}"));
  }
}
