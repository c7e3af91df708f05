package io.portcullis.identity;

import static io.portcullis.identity.Identity.ACME;
import static io.portcullis.identity.Identity.EC;
import static io.portcullis.identity.Identity.RSA;
import static io.portcullis.identity.Identity.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.model.Caller;
import io.portcullis.model.Problem;
import io.portcullis.model.Tenant;
import io.portcullis.testing.Await;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TokenCacheTest {
  private final Identity identity = new Identity(RSA, EC);
  private final String token = token(RSA).signed();
  private final Caller caller = identity.caller(token);

  @Test
  void verify_seenBefore_sameCallerAtOnce() {
    Future<Caller> again = identity.verifier.verify(token);
    assertTrue(again.isComplete());
    assertSame(caller, again.result());
    assertEquals(1, hits());
  }

  @Test
  void verify_seenBeforeAndExpired_refused() {
    identity.clock.advance(Duration.ofSeconds(299));
    assertSame(caller, identity.caller(token));
    identity.clock.advance(Duration.ofSeconds(1));
    assertEquals("alice", identity.caller(token).username()); // within the leeway, verified anew
    assertEquals(1, hits());
    identity.clock.advance(Duration.ofSeconds(5));
    assertEquals("token-expired", identity.refusal(token));
    assertEquals(1, hits());
  }

  @Test
  void verify_seenBeforeAndKeyRemoved_refusedAtOnce() {
    String other = token(EC).signed();
    var unused = identity.caller(other);
    identity.publish(EC);
    var refreshed = Await.value(identity.issuer.refresh());
    assertEquals("key-unknown", identity.refusal(token));
    assertEquals(1, refreshed.size());
    assertEquals("alice", identity.caller(other).username());
    assertEquals(1, hits());
  }

  @Test
  void verify_seenBeforeAndKeyReplacedUnderTheSameId_refused() {
    identity.publish(io.portcullis.testing.TestKey.of("rsa-1", "RS256"), EC);
    var unused = Await.value(identity.issuer.refresh());
    assertEquals("signature-invalid", identity.refusal(token));
  }

  @Test
  void verify_seenBeforeAndSameKeysFetchedAgain_stillFromTheCache() {
    identity.publish(EC, RSA);
    var unused = Await.value(identity.issuer.refresh());
    assertSame(caller, identity.caller(token));
    assertEquals(1, hits());
  }

  @Test
  void verify_seenBeforeAndKeysTooOld_unavailable() {
    identity.publish();
    String lasting = token(RSA).claim("exp", Identity.NOW.getEpochSecond() + 10_000).signed();
    assertEquals("alice", identity.caller(lasting).username());
    identity.clock.advance(Duration.ofMinutes(60));
    assertEquals("alice", identity.caller(lasting).username());
    identity.clock.advance(Duration.ofMillis(1));
    assertEquals(Problem.DEPENDENCY_UNAVAILABLE, identity.rejection(lasting).problem());
  }

  @Test
  void verify_seenBeforeAndRevoked_refused() {
    identity.revoked.add(caller.subject());
    assertEquals("token-revoked", identity.refusal(token));
    identity.revoked.clear();
    assertEquals("alice", identity.caller(token).username());
  }

  @Test
  void verify_seenBeforeAndTenantChanged_newTenant() {
    Tenant suspended =
        new Tenant(ACME.id(), ACME.name(), ACME.organization(), Tenant.State.SUSPENDED);
    identity.tenants.put(ACME.organization(), suspended);
    Caller changed = identity.caller(token);
    assertEquals(Optional.of(suspended), changed.tenant());
    assertSame(changed, identity.caller(token));
    identity.tenants.clear();
    assertEquals(Optional.empty(), identity.caller(token).tenant());
    identity.tenants.put(ACME.organization(), ACME);
    assertEquals(caller, identity.caller(token));
    assertEquals(4, hits());
  }

  @Test
  void verify_otherTextOfTheSameClaims_notFromTheCache() {
    assertEquals("token-malformed", identity.refusal(token + "="));
    assertEquals("token-malformed", identity.refusal(token + "\u1234"));
    assertEquals(0, hits());
  }

  @Test
  void verify_moreTokensThanTheCacheHolds_bounded() {
    TokenCache cache = new TokenCache(10, organization -> Optional.empty(), anyone -> false);
    SigningKey key = Identity.signingKeys(RSA).getFirst();
    for (int i = 0; i < 1000; i++) {
      cache.remember(TokenHash.of("token" + i), caller, identity.issuer, key);
    }
    assertTrue(cache.size() <= 10);
  }

  private double hits() {
    return identity.count("portcullis.token.cache", "result", "hit");
  }
}
