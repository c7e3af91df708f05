package io.portcullis.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.TestClock;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The parts that need neither Redis nor time. */
class SessionPartsTest {
  private final TestClock clock = new TestClock(SessionNode.START);
  private final FakeIssuer issuer = new FakeIssuer(clock);

  private Session session(String id) {
    Instant now = clock.instant();
    Tokens tokens = issuer.tokens(0);
    return new Session(
        id,
        "https://issuer",
        "acme",
        "sub",
        "ålice \"\u0000",
        "sid",
        tokens.accessToken(),
        now,
        tokens.accessExpires(),
        tokens.refreshToken(),
        tokens.refreshExpires(),
        "idt",
        now,
        "1",
        now,
        now.plusSeconds(3600),
        now,
        7);
  }

  private Located located(String id) {
    Session session = session(id);
    return new Located(session, Handle.random("k1"), false, false, session.absoluteEnd());
  }

  @Test
  void handle_hasOneSpelling() {
    Handle handle = Handle.random("k1");
    assertEquals(handle.name(), Handle.parse(handle.cookie()).orElseThrow().name());
    String cookie = handle.cookie();
    String last = cookie.substring(cookie.length() - 1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    String next = alphabet.substring(alphabet.indexOf(last) + 1, alphabet.indexOf(last) + 2);
    assertEquals(
        Optional.empty(),
        Handle.parse(cookie.substring(0, cookie.length() - 1) + next),
        "the same bits in another spelling");
    assertFalse(handle.toString().contains(cookie.substring(3)));
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      assertTrue(names.add(Handle.random("k1").name()));
    }
  }

  @Test
  void text_ofASession_comesBackWhole() {
    Session session = session("0123456789abcdef");
    assertEquals(Optional.of(session), SessionText.read(SessionText.write(session), 7));
    assertFalse(session.toString().contains("token"));
    assertEquals(Optional.empty(), SessionText.readNext(SessionText.write(session)));
    assertEquals(Optional.of("k1.x"), SessionText.readNext(SessionText.writeNext("k1.x")));
  }

  @Test
  void text_ofAnythingElse_isNoSession() {
    byte[] right = SessionText.write(session("0123456789abcdef"));
    JsonObject missing = new JsonObject(io.vertx.core.buffer.Buffer.buffer(right));
    missing.remove("sub");
    JsonObject more = new JsonObject(io.vertx.core.buffer.Buffer.buffer(right)).put("x", 1);
    JsonObject wrong = new JsonObject(io.vertx.core.buffer.Buffer.buffer(right)).put("sub", 1);
    JsonObject other = new JsonObject(io.vertx.core.buffer.Buffer.buffer(right));
    other.remove("sub");
    other.put("bus", "");
    for (JsonObject json : List.of(missing, more, wrong, other, new JsonObject())) {
      assertEquals(Optional.empty(), SessionText.read(json.toBuffer().getBytes(), 7));
    }
    assertEquals(Optional.empty(), SessionText.read("{".getBytes(UTF_8), 7));
  }

  @Test
  void derivedKeys_ofOtherPurposesOrHandles_areUnrelated() {
    MasterKeys keys = new MasterKeys(SessionNode.config());
    assertNotEquals(
        keys.derive("k1", "a", "AES").orElseThrow(), keys.derive("k1", "b", "AES").orElseThrow());
    assertNotEquals(
        keys.derive("k1", new byte[] {1}, "a", "AES").orElseThrow(),
        keys.derive("k1", new byte[] {2}, "a", "AES").orElseThrow());
    assertEquals(
        keys.derive("k1", "a", "AES").orElseThrow(), keys.derive("k1", "a", "AES").orElseThrow());
    assertEquals(Optional.empty(), keys.derive("k9", "a", "AES"));
    assertEquals("k1", keys.current());
  }

  @Test
  void indexes_ofDifferentPairs_haveDifferentNames() {
    IndexNames names = new IndexNames(new MasterKeys(SessionNode.config()));
    assertNotEquals(names.ofSubject("ab", "c"), names.ofSubject("a", "bc"));
    assertNotEquals(
        names.ofSubject("a", "b").getFirst().substring(6),
        names.ofProviderSession("a", "b").getFirst().substring(6));
  }

  @Test
  void plan_spreadsRefreshesBetweenThreeQuartersAndEightyFivePercent() {
    Set<Instant> times = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      Session session = session(Handle.randomText(12));
      Instant due = RefreshPlan.dueAt(session);
      Duration after = Duration.between(SessionNode.START, due);
      assertTrue(after.toMillis() >= 225_000 && after.toMillis() < 255_000, after.toString());
      times.add(due);
    }
    assertTrue(times.size() > 100, "spread over " + times.size());
  }

  @Test
  void plan_keepsWhatTheAnswerDoesNotSay() {
    Session session = session("0123456789abcdef");
    Tokens bare = new Tokens("new", clock.instant().plusSeconds(60), "", Instant.MAX, "");
    Session renewed = RefreshPlan.renewed(session, bare, clock.instant());
    assertEquals("new", renewed.accessToken());
    assertEquals(session.refreshToken(), renewed.refreshToken());
    assertEquals(session.refreshExpires(), renewed.refreshExpires());
    assertEquals("idt", renewed.idToken());
    assertEquals(8, renewed.generation());
    Tokens endless = new Tokens("new", clock.instant().plusSeconds(60), "r", Instant.MAX, "");
    assertEquals(
        session.absoluteEnd(),
        RefreshPlan.renewed(session, endless, clock.instant()).refreshExpires());
  }

  @Test
  void gate_afterThreeFailures_closesLongerEachTimeAndLetsOneThrough() {
    RefreshGate gate = new RefreshGate(RefreshTiming.standard(), clock);
    for (int i = 0; i < 3; i++) {
      assertTrue(gate.enter());
      gate.failed();
    }
    gate.failed();
    assertEquals(
        Duration.ofSeconds(1), gate.closedFor(), "those who had asked before do not count");
    for (int seconds : new int[] {1, 2, 4, 8, 10, 10}) {
      assertFalse(gate.enter());
      assertEquals(Duration.ofSeconds(seconds), gate.closedFor());
      clock.advance(Duration.ofSeconds(seconds));
      assertTrue(gate.enter());
      assertFalse(gate.enter(), "one only");
      gate.failed();
    }
    clock.advance(Duration.ofSeconds(10));
    assertTrue(gate.enter());
    gate.answered();
    assertTrue(gate.enter());
    assertEquals(Duration.ZERO, gate.closedFor());
  }

  @Test
  void gate_whoDidNotAsk_changesNothing() {
    RefreshGate gate = new RefreshGate(RefreshTiming.standard(), clock);
    for (int i = 0; i < 5; i++) {
      assertTrue(gate.enter());
      gate.turnedBack();
    }
    assertTrue(gate.enter(), "it stays open");
    for (int i = 0; i < 3; i++) {
      gate.failed();
    }
    clock.advance(Duration.ofSeconds(1));
    assertTrue(gate.enter());
    gate.turnedBack();
    assertTrue(gate.enter(), "the next one is to see");
    assertFalse(gate.enter(), "one only");
  }

  @Test
  void cache_forgottenWhileItIsRead_isNotRemembered() {
    SessionCache cache = new SessionCache(SessionNode.config(), clock);
    Located session = located("0123456789abcdef");
    Handle a = session.handle();
    Promise<Located> first = Promise.promise();
    Future<Located> reading = cache.load(a, first::future);
    cache.evict(a.name());
    Promise<Located> second = Promise.promise();
    Future<Located> after = cache.load(a, second::future);
    assertFalse(after.isComplete(), "nobody joins what began before");
    first.complete(session);
    assertTrue(reading.succeeded());
    assertNull(cache.get(a));
    second.complete(session);
    assertTrue(after.succeeded());
    assertEquals(session, cache.get(a));
    cache.clear();
    assertNull(cache.get(a));
  }

  @Test
  void cache_ofWhatIsOver_servesNothing() {
    SessionCache cache = new SessionCache(SessionNode.config(), clock);
    Located session = located("0123456789abcdef");
    Handle a = session.handle();
    Handle b = Handle.random("k1");
    cache.load(a, () -> Future.succeededFuture(session));
    cache.load(b, () -> Future.succeededFuture(session.asMoved()));
    assertNull(cache.get(b), "found by an old handle: not remembered");
    assertEquals(session, cache.get(a));
    clock.advance(Duration.ofHours(1));
    assertNull(cache.get(a));
  }

  @Test
  void cache_askedUnderAnotherKeysId_sharesNothing() {
    SessionCache cache =
        new SessionCache(SessionNode.config(SessionNode.FIRST_KEY, SessionNode.SECOND_KEY), clock);
    Located session = located("0123456789abcdef");
    Handle right = session.handle();
    Handle wrong = right.under("k2");
    Promise<Located> other = Promise.promise();
    Future<Located> refused = cache.load(wrong, other::future);
    Promise<Located> first = Promise.promise();
    Future<Located> reading = cache.load(right, first::future);
    other.fail(SessionRefusals.unknown());
    assertTrue(refused.failed());
    assertFalse(reading.isComplete());
    cache.evict(right.name());
    first.complete(session);
    assertTrue(reading.succeeded());
    assertNull(cache.get(right), "forgotten under every key's id");
    cache.load(right, () -> Future.succeededFuture(session));
    assertEquals(session, cache.get(right));
    assertNull(cache.get(wrong));
  }
}
