package io.portcullis.session;

import static io.portcullis.session.SessionNode.cookie;
import static io.portcullis.session.SessionNode.name;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.redis.Reply;
import io.portcullis.testing.Await;
import io.portcullis.testing.EmptyRedis;
import io.portcullis.testing.TestClock;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What somebody has who has Redis, and the master key, and no cookie; or who writes there. */
class SessionTheftIT {
  @RegisterExtension static final EmptyRedis REDIS = new EmptyRedis();

  private final TestClock clock = new TestClock(SessionNode.START);
  private final FakeIssuer issuer = new FakeIssuer(clock);

  private SessionNode node() {
    return new SessionNode(REDIS.port(), SessionNode.config(), new PushHub(), issuer, clock);
  }

  /** Everything a dump has, in every state a session can be in, as Latin-1 text. */
  private static List<String> dump(SessionNode node) {
    List<String> texts = new ArrayList<>();
    for (String key : node.keys()) {
      texts.add(key);
      texts.add(new String(node.redis("DUMP", key).bytes(), ISO_8859_1));
      String type = node.redis("TYPE", key).text();
      if (type.equals("string")) {
        texts.add(new String(node.redis("GET", key).bytes(), ISO_8859_1));
      } else {
        assertEquals("zset", type);
        node.redis("ZRANGE", key, "0", "-1").items().forEach(item -> texts.add(item.text()));
      }
    }
    return texts;
  }

  /** The spellings in which a value might hide. */
  private static List<String> spellings(byte[] value) {
    List<String> spellings = new ArrayList<>();
    spellings.add(new String(value, ISO_8859_1));
    spellings.add(HexFormat.of().formatHex(value));
    spellings.add(HexFormat.of().formatHex(value).toUpperCase(Locale.ROOT));
    for (int shift = 0; shift < 3; shift++) {
      // In base64 a value looks differently by where it begins; its inner part is compared.
      byte[] shifted = new byte[value.length + shift];
      System.arraycopy(value, 0, shifted, shift, value.length);
      String text = Base64.getUrlEncoder().withoutPadding().encodeToString(shifted);
      String inner = text.substring(shift == 0 ? 0 : 4, text.length() - 2);
      spellings.add(inner);
      spellings.add(inner.replace('-', '+').replace('_', '/'));
    }
    return spellings;
  }

  @Test
  void dump_ofEverything_showsNeitherTokenNorHandleNorPerson() {
    try (SessionNode node = node()) {
      String stepped = cookie(node.open(node.login(issuer)));
      OpenSession after =
          Await.value(node.on(0, () -> node.sessions.rotate(stepped, node.login(issuer))));
      String old = cookie(node.open(node.login(issuer, "second-subject", "second-sid")));
      clock.advance(Duration.ofMinutes(4).plusSeconds(30));
      node.find(old);
      Await.until("renewed", () -> node.count("portcullis.sessions.refresh", "result", "ok") == 1);
      clock.advance(Duration.ofHours(4));
      node.find(old);
      String fresh = cookie(node.find(old));
      node.redis("SET", Handle.lockKey(name(fresh)), Handle.randomText(16), "PX", "5000");
      List<String> dump = dump(node);
      assertTrue(dump.size() >= 30, "records, aliases, a lock, indexes and facts: " + node.keys());
      List<byte[]> secrets = new ArrayList<>();
      for (String cookie : List.of(stepped, cookie(after), old, fresh)) {
        secrets.add(cookie.substring(3).getBytes(UTF_8));
        secrets.add(Handle.parse(cookie).orElseThrow().secret());
      }
      for (String text :
          List.of(
              "access-token-number",
              "refresh-token-number",
              "id-token-number",
              "subject-of-alice",
              "second-subject",
              "sid-of-the-provider",
              "second-sid",
              "login.example.com")) {
        secrets.add(text.getBytes(UTF_8));
      }
      for (byte[] secret : secrets) {
        for (String spelling : spellings(secret)) {
          for (String text : dump) {
            assertFalse(text.contains(spelling), "found " + spelling);
          }
        }
      }
      assertMasterKeyAloneOpensNothing(node);
    }
  }

  /** With everything a thief could try as a handle: the names, the members, the key itself. */
  private void assertMasterKeyAloneOpensNothing(SessionNode node) {
    RecordCipher cipher = new RecordCipher(new MasterKeys(SessionNode.config()));
    List<String> guesses = new ArrayList<>(List.of("A".repeat(43)));
    for (String key : node.keys()) {
      if (key.startsWith("pc:s:")) {
        guesses.add(key.substring(6, 49));
      }
    }
    int tried = 0;
    for (String key : node.keys()) {
      if (!key.startsWith("pc:s:")) {
        continue;
      }
      byte[] record = node.redis("GET", key).bytes();
      RecordHead head = RecordHead.read(record).orElseThrow();
      for (String guess : guesses) {
        Handle handle = Handle.parse("k1." + guess).orElseThrow();
        assertEquals(Optional.empty(), cipher.open(handle, head, record));
        tried++;
      }
    }
    assertTrue(tried >= 16, "records were tried: " + tried);
    for (String guess : guesses) {
      assertEquals("session-unknown", node.refusal("k1." + guess).reason(), "no name is a cookie");
    }
  }

  @Test
  void record_changedInAnyByte_isRefused() {
    try (SessionNode node = node()) {
      String cookie = cookie(node.open(node.login(issuer)));
      String key = Handle.recordKey(name(cookie));
      byte[] right = node.redis("GET", key).bytes();
      for (int at = 0; at < right.length; at += at < 60 ? 1 : 97) {
        byte[] wrong = right.clone();
        wrong[at] ^= 1;
        node.redis(wrong, "SETRANGE", key, "0");
        assertEquals("session-damaged", node.refusal(cookie).reason(), "byte " + at);
      }
      node.redis(Arrays.copyOf(right, right.length - 1), "SET", key);
      assertEquals("session-damaged", node.refusal(cookie).reason());
      node.redis(new byte[0], "SET", key);
      assertEquals("session-damaged", node.refusal(cookie).reason());
      node.redis(right, "SET", key);
      node.redis("PEXPIRE", key, "60000");
      assertEquals("subject-of-alice", node.find(cookie).session().subject());
    }
  }

  /** Anybody with a session can write another key's id before its bits. */
  @Test
  void cookie_withAnotherKeysId_isUnknownAndRaisesNoAlarm() {
    try (SessionNode node =
        new SessionNode(
            REDIS.port(),
            SessionNode.config(SessionNode.FIRST_KEY, SessionNode.SECOND_KEY),
            new PushHub(),
            issuer,
            clock)) {
      String cookie = cookie(node.open(node.login(issuer)));
      String other = "k2" + cookie.substring(2);
      for (int i = 0; i < 3; i++) {
        Future<OpenSession> wrong = node.finding(0, other);
        Future<OpenSession> right = node.finding(0, cookie);
        assertEquals("session-unknown", SessionNode.refusal(wrong).reason());
        assertEquals("subject-of-alice", Await.value(right).session().subject());
      }
      assertEquals(Optional.empty(), Await.value(node.on(0, () -> node.sessions.end(other))));
      assertEquals(0, node.count("portcullis.sessions.damaged"));
      assertEquals("subject-of-alice", node.find(cookie).session().subject());
      String fresh = cookie(node.open(node.login(issuer)));
      String key = Handle.recordKey(name(fresh));
      byte[] record = node.redis("GET", key).bytes();
      record[record.length - 1] ^= 1;
      node.redis(record, "SETRANGE", key, "0");
      assertEquals("session-damaged", node.refusal(fresh).reason());
      assertEquals(1, node.count("portcullis.sessions.damaged"));
    }
  }

  @Test
  void record_movedToAnotherHandle_isRefused() {
    try (SessionNode node = node()) {
      String alice = cookie(node.open(node.login(issuer)));
      String bob = cookie(node.open(node.login(issuer, "bob", "sid-2")));
      Reply record = node.redis("GET", Handle.recordKey(name(alice)));
      node.redis(record.bytes(), "SET", Handle.recordKey(name(bob)));
      node.redis("PEXPIRE", Handle.recordKey(name(bob)), "60000");
      assertEquals("session-damaged", node.refusal(bob).reason());
    }
  }

  @Test
  void record_withAnotherHead_isRefused() {
    try (SessionNode node = node()) {
      String cookie = cookie(node.open(node.login(issuer)));
      Handle handle = Handle.parse(cookie).orElseThrow();
      String key = Handle.recordKey(handle.name());
      byte[] record = node.redis("GET", key).bytes();
      RecordHead head = RecordHead.read(record).orElseThrow();
      RecordCipher cipher = new RecordCipher(new MasterKeys(SessionNode.config()));
      String otherTag = cipher.tenantTag(handle, "globex");
      for (RecordHead wrong :
          List.of(
              new RecordHead(head.kind(), head.generation() + 1, head.tenantTag(), ""),
              new RecordHead(head.kind(), head.generation(), otherTag, ""),
              new RecordHead(
                  RecordHead.Kind.ALIAS, head.generation(), head.tenantTag(), handle.name()))) {
        byte[] body = Arrays.copyOfRange(record, head.text().length(), record.length);
        byte[] forged = wrong.text().getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(forged, forged.length + body.length);
        System.arraycopy(body, 0, whole, forged.length, body.length);
        node.redis(whole, "SET", key);
        node.redis("PEXPIRE", key, "60000");
        assertEquals("session-damaged", node.refusal(cookie).reason(), wrong.toString());
      }
      byte[] foreign =
          cipher.seal(
              handle,
              new RecordHead(head.kind(), head.generation(), otherTag, ""),
              cipher.open(handle, head, record).orElseThrow());
      node.redis(foreign, "SET", key);
      node.redis("PEXPIRE", key, "60000");
      assertEquals(
          "session-damaged", node.refusal(cookie).reason(), "sealed well, for another tenant");
    }
  }
}
