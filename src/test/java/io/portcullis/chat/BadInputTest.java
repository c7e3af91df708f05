package io.portcullis.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every wrong request is refused by the name of what is wrong with it, and changes nothing. */
class BadInputTest {
  private static final String ID = "0198c5a2-7b1e-7c3d-9a4f-0123456789ab";

  private static ChatInMemory chat;
  private static Asking alice;

  @BeforeAll
  static void start() {
    chat = new ChatInMemory();
    alice = chat.user("alice");
  }

  @AfterAll
  static void stop() {
    chat.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // the text as a whole
        "``                          | body: a JSON object is required",
        "` `                         | body: the text is empty at line 1",
        "{                           | body: the text ends too early",
        "[]                          | body: an object is expected",
        "null                        | body: an object is expected",
        "\"title\"                   | body: an object is expected",
        "{\"title\":\"a\"} x         | body: ",
        "{\"title\":\"a\"}{}         | body: text behind the value at line 1, column 14",
        "{\"title\":\"a\",\"title\":\"b\"} | body: duplicate member \"title\" at line 1, column 14",
        "{'title':'a'}               | body: an unexpected character at line 1",
        "{\"title\":\"a\",}          | body: an unexpected character at line 1",
        "{\"title\":NaN}             | body: an unknown word at line 1",
        "{\"title\":\"\\ud800\"}     | body: an escaped lone surrogate at line 1, column 10",
        "{\"a\":[[[[[[[[[1]]]]]]]]]} | body: nested deeper than 8",
        // members
        "{}                          | title: is required",
        "{\"title\":null}            | title: must be a string",
        "{\"title\":7}               | title: must be a string",
        "{\"title\":true}            | title: must be a string",
        "{\"title\":[\"a\"]}         | title: must be a string",
        "{\"title\":{\"a\":1}}       | title: must be a string",
        "{\"title\":\"\"}            | title: must have 1 to 200 characters",
        "{\"title\":\"   \"}         | title: must have 1 to 200 characters",
        "{\"title\":\"a\\u0000b\"}   | title: must not contain control characters",
        "{\"title\":\"a\\nb\"}       | title: must not contain control characters",
        "{\"title\":\"a\\u0085b\"}   | title: must not contain control characters",
        "{\"title\":\"a\",\"owner\":\"bob\"} | unknown member \"owner\"",
        "{\"Title\":\"a\"}           | unknown member \"Title\"",
        "{\"\\u001b[31m\":1}         | unknown member \"?[31m\"",
      })
  void createConversation_badBody_isNamed(String body, String detail) {
    invalid(alice.wish("conversation.create").json(body), detail);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                        | content: is required",
        "{\"content\":\"\"}        | content: must have 1 to 32000 characters",
        "{\"content\":\"a\\u0000\"} | content: must not contain the character U+0000",
        "{\"content\":[]}          | content: must be a string",
        "{\"content\":\"a\",\"role\":\"system\"} | unknown member \"role\"",
      })
  void createMessage_badBody_isNamed(String body, String detail) {
    invalid(alice.wish("message.create").id(ID).json(body), detail);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"title\":null}             | title: cannot be removed",
        "{\"owner\":\"bob\"}          | unknown member \"owner\"",
        "[{\"op\":\"replace\"}]       | body: an object is expected",
        "{\"title\":\"\"}             | title: must have 1 to 200 characters",
      })
  void updateConversation_badBody_isNamed(String body, String detail) {
    invalid(alice.wish("conversation.update").id(ID).json(body), detail);
  }

  @Test
  void create_tooLong_isNamed() {
    String title = "ä".repeat(Body.MAX_TITLE + 1);
    invalid(
        alice.wish("conversation.create").json("{\"title\":\"" + title + "\"}"),
        "title: must have 1 to 200 characters");
    String content = "😀".repeat(Body.MAX_CONTENT + 1);
    invalid(
        alice.wish("message.create").id(ID).json("{\"content\":\"" + content + "\"}"),
        "content: must have 1 to 32000 characters");
  }

  @Test
  void create_tooManyBytes_payloadTooLarge() {
    Rejection refusal =
        alice.wish("conversation.create").json(" ".repeat(9_000) + "{\"title\":\"a\"}").refusal();
    assertEquals(Problem.PAYLOAD_TOO_LARGE, refusal.problem());
    refusal = alice.wish("message.create").id(ID).json(" ".repeat(410_000)).refusal();
    assertEquals(Problem.PAYLOAD_TOO_LARGE, refusal.problem());
  }

  @Test
  void create_brokenUtf8_isNamed() {
    Buffer body = Buffer.buffer("{\"title\":\"").appendBytes(new byte[] {(byte) 0xc0, (byte) 0xaf});
    invalid(
        alice
            .wish("conversation.create")
            .header("content-type", "application/json")
            .bytes(body.appendString("\"}")),
        "body: invalid UTF-8 at line 1, column 11");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text/plain",
        "application/jsonp",
        "application/json;",
        "application/json; charset=latin1",
        "application/json; charset=utf-8; charset=utf-8",
        "application/json; boundary=x",
        "application/json, application/json",
        "application/x-www-form-urlencoded",
        "application/merge-patch+json"
      })
  void create_badMediaType_isRefused(String type) {
    Rejection refusal =
        alice
            .wish("conversation.create")
            .header("content-type", type)
            .json("{\"title\":\"a\"}")
            .refusal();
    assertEquals(Problem.UNSUPPORTED_MEDIA_TYPE, refusal.problem());
  }

  @ParameterizedTest
  @CsvSource({
    "limit, 0",
    "limit, 101",
    "limit, 1000",
    "limit, -1",
    "limit, +5",
    "limit, 05",
    "limit, 1e1",
    "limit, ''",
    "limit, ٣",
    "cursor, ''",
    "cursor, abc",
    "cursor, ' '",
  })
  void list_badParameter_isNamed(String name, String value) {
    invalid(alice.wish("conversation.list").query(name, value), name + ": ");
    invalid(alice.wish("message.list").id(ID).query(name, value), name + ": ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "conversation.list",
        "conversation.create",
        "conversation.get",
        "conversation.update",
        "conversation.delete",
        "message.list",
        "message.create"
      })
  void any_unknownParameter_isNamed(String operation) {
    invalid(
        alice.wish(operation).id(ID).query("offset", "1"), "unknown query parameter \"offset\"");
    invalid(alice.wish(operation).id(ID).query("a\"\u202eb", "1"), "\"a??b\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"conversation.list", "conversation.get", "conversation.delete", "message.list"})
  void withoutBody_body_isRefused(String operation) {
    invalid(alice.wish(operation).id(ID).json("{}"), "body: this request takes none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1-1-1-1-1",
        "0198c5a2-7b1e-7c3d-9a4f-0123456789a",
        "0198c5a2-7b1e-7c3d-9a4f-0123456789abc",
        "0198c5a27b1e7c3d9a4f0123456789ab",
        "../../etc",
        "0198c5a2-7b1e-7c3d-9a4f-0123456789aß"
      })
  void path_noUuid_isNotFound(String id) {
    for (String operation : new String[] {"get", "delete"}) {
      assertEquals(
          Problem.NOT_FOUND, alice.wish("conversation." + operation).id(id).refusal().problem());
    }
    assertEquals(Problem.NOT_FOUND, alice.wish("message.list").id(id).refusal().problem());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "ä", "a\tb", "LONG"})
  void create_badIdempotencyKey_isNamed(String key) {
    invalid(
        alice
            .wish("conversation.create")
            .key(key.equals("LONG") ? "k".repeat(256) : key)
            .json("{\"title\":\"a\"}"),
        "Idempotency-Key: must have 1 to 255 visible ASCII characters");
  }

  private static void invalid(Wish wish, String detail) {
    Rejection refusal = wish.refusal();
    assertEquals(Problem.INVALID_REQUEST, refusal.problem(), refusal.detail());
    assertTrue(refusal.detail().contains(detail), refusal.detail());
    assertEquals(0, alice.wish("conversation.list").answerBody().getJsonArray("items").size());
  }
}
