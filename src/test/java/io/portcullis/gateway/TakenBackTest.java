package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.model.Caller;
import io.portcullis.model.Credential;
import io.portcullis.tls.PeerIdentity;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which requests in flight end when access is taken back, and how much is done at once. */
final class TakenBackTest {
  private final InFlight inFlight = new InFlight(10_000, Long.MAX_VALUE);
  private final Exchanges exchanges = new Exchanges();
  private final Set<String> revoked = new HashSet<>();
  private final List<Exchange> ended = new ArrayList<>();
  private final ArrayDeque<Runnable> turns = new ArrayDeque<>();
  private final EndedSessions sessions = new EndedSessions(() -> 0);
  private int asked;
  private final TakenBack takenBack =
      new TakenBack(
          inFlight,
          caller -> {
            asked++;
            return revoked.contains(caller.subject());
          },
          sessions::has,
          ended::add,
          turns::add);

  private Exchange of(String subject, String issuer) {
    Exchange exchange = exchanges.at(0);
    exchange.proved(
        new Caller(
            issuer,
            subject,
            subject,
            "client",
            List.of(),
            Optional.empty(),
            Set.of(),
            Set.of(),
            Credential.of("", Instant.EPOCH, Instant.MAX)));
    assertTrue(inFlight.enter(exchange));
    return exchange;
  }

  private void look() {
    takenBack.look();
    while (!turns.isEmpty()) {
      turns.poll().run();
    }
  }

  @Test
  void look_endsThoseThatWaitAndThoseThatStream_onceEach() {
    Exchange waiting = of("bob", "id");
    Exchange streaming = of("bob", "id");
    inFlight.answering(streaming);
    of("alice", "id");
    Exchange unknown = exchanges.at(0);
    assertTrue(inFlight.enter(unknown));
    revoked.add("bob");
    look();
    look();
    assertEquals(List.of(waiting, streaming), ended);
  }

  private Exchange with(String session) {
    Exchange exchange = of("bob", "id");
    exchange.session(Browsing.session(session, "bob", "acme"));
    return exchange;
  }

  @Test
  void look_afterASessionEnded_endsItsRequestsAlone() {
    Exchange waiting = with("one");
    Exchange streaming = with("one");
    inFlight.answering(streaming);
    with("two");
    of("bob", "id");
    sessions.add("one");
    look();
    look();
    assertEquals(List.of(waiting, streaming), ended);
  }

  @Test
  void expire_atTheAbsoluteEnd_endsStreamsOfThatSession() {
    Exchange streaming = with("one");
    inFlight.answering(streaming);
    takenBack.expire(Browsing.END.minusMillis(1));
    assertEquals(List.of(), ended);
    takenBack.expire(Browsing.END);
    takenBack.expire(Browsing.END);
    assertEquals(List.of(streaming), ended);
  }

  @Test
  void look_leavesWhatIsOver_andServicesWithCertificates() {
    Exchange over = of("bob", "id");
    over.finish();
    of("bob", PeerIdentity.TRUST_DOMAIN);
    revoked.add("bob");
    look();
    assertEquals(List.of(), ended);
  }

  @Test
  void look_throughMany_doesAFewHundredATurn_andStartsAgainForAChangeMeanwhile() {
    for (int i = 0; i < 1_000; i++) {
      of("user-" + i, "id");
    }
    revoked.add("user-999");
    takenBack.look();
    assertEquals(256, asked);
    assertEquals(List.of(), ended);
    revoked.add("user-0");
    takenBack.look();
    assertEquals(256, asked, "one look at a time");
    while (!turns.isEmpty()) {
      turns.poll().run();
    }
    assertEquals(2_000, asked);
    assertEquals(
        List.of("user-999", "user-0"),
        ended.stream().map(exchange -> exchange.caller().orElseThrow().subject()).toList());
  }
}
