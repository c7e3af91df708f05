package io.portcullis.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.model.Problem;
import io.portcullis.model.ServiceResponse;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The chat service on a real PostgreSQL: what only a database can get wrong. */
class ConversationIT {
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
  void conversation_wholeLife_isKept() {
    JsonObject created = alice.create("Grüße 😀 \\\"x\\\" ' $1 --");
    String id = created.getString("id");

    assertEquals("Grüße 😀 \"x\" ' $1 --", created.getString("title"));
    assertEquals(created, alice.wish("conversation.get").id(id).answerBody());
    JsonObject renamed =
        alice.wish("conversation.update").id(id).json("{\"title\":\"new\"}").answerBody();
    assertEquals("new", renamed.getString("title"));
    assertEquals(created.getString("created_at"), renamed.getString("created_at"));
    assertTrue(renamed.getString("updated_at").compareTo(created.getString("updated_at")) > 0);

    JsonObject said = alice.say(id, "one\n\u0001 two 😀");
    assertEquals(
        List.of(said),
        alice.wish("message.list").id(id).answerBody().getJsonArray("items").stream().toList());
    assertEquals(
        said.getString("created_at"),
        alice.wish("conversation.get").id(id).answerBody().getString("updated_at"));

    assertEquals(204, alice.wish("conversation.delete").id(id).answer().status());
    assertEquals(Problem.NOT_FOUND, alice.wish("message.list").id(id).refusal().problem());
    assertEquals(0, chat.count("message WHERE conversation_id = '" + id + "'"));
  }

  @Test
  void others_conversation_doesNotExist() {
    String id = alice.create("mine").getString("id");
    Asking namesake = Asking.admin(chat.bus(), chat.globex(), alice.subject());
    Asking eve = Asking.user(chat.bus(), chat.acme(), "eve");

    for (Asking stranger : List.of(namesake, eve)) {
      for (String operation : List.of("conversation.get", "conversation.delete", "message.list")) {
        assertEquals(Problem.NOT_FOUND, stranger.wish(operation).id(id).refusal().problem());
      }
      assertEquals(
          Problem.NOT_FOUND,
          stranger
              .wish("conversation.update")
              .id(id)
              .json("{\"title\":\"x\"}")
              .refusal()
              .problem());
      assertEquals(
          Problem.NOT_FOUND,
          stranger.wish("message.create").id(id).json("{\"content\":\"x\"}").refusal().problem());
      assertEquals(
          Problem.NOT_FOUND,
          stranger
              .wish("message.create")
              .id(id)
              .key("k")
              .json("{\"content\":\"x\"}")
              .refusal()
              .problem());
    }
    assertEquals("mine", alice.wish("conversation.get").id(id).answerBody().getString("title"));
  }

  @Test
  void tenantAdmin_seesTheTenantsOwn() {
    String id = alice.create("visible").getString("id");
    Asking ada = Asking.admin(chat.bus(), chat.acme(), "ada");

    assertEquals(
        alice.subject(), ada.wish("conversation.get").id(id).answerBody().getString("owner"));
    JsonObject page = ada.wish("conversation.list").query("limit", "1").answerBody();
    assertEquals(id, page.getJsonArray("items").getJsonObject(0).getString("id"));
    assertEquals(204, ada.wish("conversation.delete").id(id).answer().status());
  }

  @Test
  void list_whileOthersAreCreatedAndDeleted_noneTwiceNoneMissed() {
    List<Future<ServiceResponse>> creations = new ArrayList<>();
    for (int i = 0; i < 43; i++) {
      creations.add(alice.wish("conversation.create").json("{\"title\":\"c" + i + "\"}").send());
    }
    Asking.await(Future.all(creations));
    List<String> seen = new ArrayList<>();
    List<String> times = new ArrayList<>();
    String cursor = "";
    do {
      Wish wish = alice.wish("conversation.list").query("limit", "10");
      JsonObject page = (cursor.isEmpty() ? wish : wish.query("cursor", cursor)).answerBody();
      for (Object item : page.getJsonArray("items")) {
        seen.add(((JsonObject) item).getString("id"));
        times.add(((JsonObject) item).getString("created_at"));
      }
      cursor = page.getString("next_cursor", "");
      alice.create("newer");
      alice.wish("conversation.delete").id(seen.getLast()).answer();
    } while (!cursor.isEmpty());

    assertEquals(43, seen.size());
    assertEquals(43, new HashSet<>(seen).size());
    assertEquals(times.stream().sorted(java.util.Comparator.reverseOrder()).toList(), times);
  }

  @Test
  void messages_writtenAtOnceAndReadMeanwhile_inOneOrderWithoutGaps() {
    String id = alice.create("busy").getString("id");
    List<Future<ServiceResponse>> sent = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Wish wish = alice.wish("message.create").id(id).json("{\"content\":\"m" + i + "\"}");
      sent.add((i % 2 == 0 ? wish : wish.key("key-" + i)).send());
    }
    Future<?> written = Future.all(sent);
    List<JsonObject> read = new ArrayList<>();
    String cursor = "";
    while (read.size() < 60) {
      Wish wish = alice.wish("message.list").id(id).query("limit", "7");
      JsonObject page = (cursor.isEmpty() ? wish : wish.query("cursor", cursor)).answerBody();
      page.getJsonArray("items").forEach(item -> read.add((JsonObject) item));
      if (page.containsKey("next_cursor")) {
        cursor = page.getString("next_cursor");
      } else if (read.size() < 60) {
        read.subList(read.size() - page.getJsonArray("items").size(), read.size()).clear();
      }
    }
    Asking.await(written);

    assertEquals(60, new HashSet<>(read.stream().map(m -> m.getString("content")).toList()).size());
    List<String> times = read.stream().map(m -> m.getString("created_at")).toList();
    assertEquals(times.stream().sorted().toList(), times);
    assertEquals(
        60,
        chat.number("SELECT max(number) FROM ROLE.message WHERE conversation_id = '" + id + "'"));
    assertEquals(
        60, chat.number("SELECT message_count FROM ROLE.conversation WHERE id = '" + id + "'"));
  }

  @Test
  void lists_ofManyRows_areReadFromAnIndexInOrder() throws SQLException {
    chat.execute(
        "INSERT INTO ROLE.conversation (id, owner, title, created_at, updated_at)"
            + " SELECT gen_random_uuid(), 'many-' || n % 2000, 't', now() - n * interval '1 s', now()"
            + " FROM generate_series(1, 20000) n",
        "INSERT INTO ROLE.message (id, conversation_id, number, role, content, created_at)"
            + " SELECT gen_random_uuid(), c.id, n, 'user', 'c', now() FROM generate_series(1, 500) n,"
            + " (SELECT id FROM ROLE.conversation WHERE owner = 'many-1' LIMIT 20) c",
        "ANALYZE ROLE.conversation, ROLE.message");

    String position = "'" + Instant.now().plusSeconds(60) + "', '" + new UUID(-1, -1) + "'";
    String own =
        chat.plan(
            ConversationSql.LIST_OWN,
            "text, timestamptz, uuid, bigint",
            "'many-1', " + position + ", 21");
    String all =
        chat.plan(ConversationSql.LIST_ALL, "timestamptz, uuid, bigint", position + ", 21");
    UUID busy = UUID.fromString("0198c5a2-7b1e-7c3d-9a4f-0123456789ab");
    String messages =
        chat.plan(
            ConversationSql.MESSAGES,
            "uuid, text, bigint, bigint",
            "'" + busy + "', 'many-1', 100, 21");
    assertTrue(own.contains("conversation_of_owner") && !own.contains("Sort"), own);
    assertTrue(all.contains("conversation_by_creation") && !all.contains("Sort"), all);
    assertTrue(messages.contains("message_conversation_id_number_key"), messages);
    assertFalse(messages.contains("Sort"), messages);
    chat.execute("DELETE FROM ROLE.conversation WHERE owner LIKE 'many-%'");
  }
}
