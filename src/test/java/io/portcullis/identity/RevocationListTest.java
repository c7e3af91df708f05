package io.portcullis.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.identity.Revocation.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whom a list of revocations covers, and for how long. */
class RevocationListTest {
  private static final String ISSUER = "https://id.example";
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final RevocationList list = new RevocationList();

  private static Revocation of(Kind kind, String issuer, String name, Instant before) {
    return new Revocation(kind, issuer, name, before, "");
  }

  private boolean add(Revocation revocation, long version) {
    return list.add(revocation.text(), version);
  }

  /** Bob in session s1, of the organization o1. */
  private boolean bob(Instant issuedAt) {
    return list.index().covers(ISSUER, "s1", "bob", List.of("o1"), issuedAt);
  }

  @Test
  void user_tokensOfThatSecondAreCovered_laterOnesAreNot() {
    add(of(Kind.USER, ISSUER, "bob", NOON.plusMillis(300)), 1);
    assertTrue(bob(Instant.EPOCH), "a token that does not say when is one from before");
    assertTrue(bob(NOON.minusSeconds(1)));
    assertTrue(bob(NOON), "iat has no parts of a second: it may have been before");
    assertTrue(bob(NOON.plusMillis(999)));
    assertFalse(bob(NOON.plusSeconds(1)));
  }

  @Test
  void session_isCoveredWheneverItsTokenWasIssued() {
    add(of(Kind.SESSION, ISSUER, "s1", NOON), 1);
    assertTrue(bob(NOON.plusSeconds(3600)));
    assertFalse(list.index().covers(ISSUER, "", "bob", List.of(), NOON), "without a session");
    assertFalse(list.index().covers("https://other", "s1", "bob", List.of(), NOON));
  }

  @Test
  void tenantAndAll_coverTheirOwn() {
    add(of(Kind.TENANT, "", "o1", NOON), 1);
    assertTrue(bob(NOON));
    assertFalse(bob(NOON.plusSeconds(1)));
    assertFalse(list.index().covers(ISSUER, "s1", "bob", List.of("o2"), NOON));
    assertTrue(list.index().covers(ISSUER, "", "bob", List.of("o2", "o1"), NOON));
    add(of(Kind.ALL, "", "", NOON.plusSeconds(5)), 2);
    assertTrue(list.index().covers("https://any", "", "eve", List.of(), NOON.plusSeconds(5)));
    assertFalse(list.index().covers("https://any", "", "eve", List.of(), NOON.plusSeconds(6)));
  }

  @Test
  void issuer_emptyMeansAny_otherwiseExactly() {
    add(of(Kind.USER, "https://other", "bob", NOON), 1);
    assertFalse(bob(NOON));
    add(of(Kind.USER, "", "bob", NOON), 2);
    assertTrue(bob(NOON));
  }

  @Test
  void subjectNamedLikeAnotherKind_isNotCovered() {
    add(of(Kind.SESSION, "", "bob", NOON), 1);
    add(of(Kind.TENANT, "", "s1", NOON), 2);
    add(of(Kind.USER, "", "o1", NOON), 3);
    assertFalse(bob(NOON));
  }

  @Test
  void sameTextAgain_isOneAndKeepsTheNewerVersion() {
    Revocation bob = of(Kind.USER, ISSUER, "bob", NOON);
    assertTrue(add(bob, 10));
    assertFalse(add(bob, 10));
    assertFalse(add(bob, 20), "known, though put again");
    assertEquals(1, list.size());
    list.expire(15);
    assertTrue(bob(NOON), "it counts from when it was put last");
    list.expire(21);
    assertFalse(bob(NOON));
    assertEquals(0, list.size());
  }

  @Test
  void expire_anOlderOneOfTheSameTarget_leavesTheNewer() {
    add(of(Kind.USER, ISSUER, "bob", NOON), 10);
    add(of(Kind.USER, ISSUER, "bob", NOON.plusSeconds(60)), 20);
    add(new Revocation(Kind.SESSION, ISSUER, "s2", NOON, "one"), 10 + 1);
    add(new Revocation(Kind.SESSION, ISSUER, "s2", NOON, "two"), 20 + 1);
    list.expire(15);
    assertEquals(2, list.size());
    assertTrue(bob(NOON.plusSeconds(60)));
    assertTrue(list.index().covers(ISSUER, "s2", "x", List.of(), NOON));
  }

  @Test
  void unreadableOne_isKeptForTheCountWithoutEffect() {
    assertFalse(list.add("{\"k\":\"device\"}", 5));
    assertEquals(1, list.size());
    assertEquals(List.of(), list.newest(10));
    assertFalse(bob(NOON));
    list.expire(6);
    assertEquals(0, list.size());
  }

  @Test
  void without_namesWhatTheStoreLost_andNewestComesFirst() {
    Revocation one = of(Kind.USER, "", "one", NOON);
    Revocation two = of(Kind.USER, "", "two", NOON);
    add(one, 1);
    add(two, 2);
    assertEquals(List.of(one.text()), list.without(Set.of(two.text())));
    assertEquals(List.of(two, one), list.newest(10));
    assertEquals(List.of(two), list.newest(1));
  }
}
