package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.identity.Revocation;
import io.portcullis.model.LogoutToken;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a logout takes back, and how much room it leaves. */
class LogoutRevocationsTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<Revocation> made = new ArrayList<>();
  private final LogoutRevocations logouts =
      new LogoutRevocations(
          revocation -> {
            made.add(revocation);
            return Future.succeededFuture();
          },
          made::size,
          20,
          meters,
          Clock.systemUTC());

  @Test
  void ended_namesTheSessionOrThePerson() {
    logouts.ended(new LogoutToken("https://issuer", "1", "bob", "s"));
    logouts.ended(new LogoutToken("https://issuer", "2", "bob", ""));
    assertEquals(Revocation.Kind.SESSION, made.getFirst().kind());
    assertEquals(Revocation.Kind.USER, made.getLast().kind());
  }

  @Test
  void ended_manyTimes_leavesOperatorsTheirTenth() {
    for (int i = 0; i < 25; i++) {
      assertTrue(logouts.ended(new LogoutToken("https://issuer", "" + i, "", "s" + i)).succeeded());
    }
    assertEquals(18, made.size());
    assertEquals(7, meters.counter("portcullis.logouts.not.revoked").count());
  }
}
