package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.session.Session;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Which long answers are looked after, when, and what becomes of them. */
final class StreamWatchTest {
  private static final Instant OVER = Browsing.END;

  private final InFlight inFlight = new InFlight(10_000, Long.MAX_VALUE);
  private final Exchanges exchanges = new Exchanges();
  private final List<String> asked = new ArrayList<>();
  private final List<Exchange> ended = new ArrayList<>();
  private Function<String, Future<Session>> answer =
      cookie -> Future.failedFuture(Rejection.unavailable("redis"));
  private final StreamWatch watch =
      new StreamWatch(
          inFlight,
          cookie -> {
            asked.add(cookie);
            return answer.apply(cookie);
          },
          ended::add);

  private Exchange stream(String cookie) {
    Exchange exchange = exchanges.at(0);
    assertTrue(inFlight.enter(exchange));
    inFlight.answering(exchange);
    if (!cookie.isEmpty()) {
      exchange.session(Browsing.session("one", "bob", "acme"));
      exchange.cookie(cookie);
    }
    return exchange;
  }

  @Test
  void look_beforeTheTokenIsOver_asksForNothing() {
    stream("c");
    watch.look(OVER.minusMillis(1));
    assertEquals(List.of(), asked);
  }

  @Test
  void look_afterwards_asksForStreamsOfSessionsAlone() {
    stream("c");
    stream("");
    Exchange waiting = exchanges.at(0);
    waiting.session(Browsing.session("two", "bob", "acme"));
    waiting.cookie("w");
    assertTrue(inFlight.enter(waiting));
    watch.look(OVER);
    assertEquals(List.of("c"), asked);
  }

  @Test
  void look_whenTheSessionIsGone_endsTheAnswerOnce() {
    Exchange gone = stream("gone");
    answer =
        cookie -> Future.failedFuture(Rejection.of(Problem.UNAUTHENTICATED, "session-ended", ""));
    watch.look(OVER);
    watch.look(OVER.plus(StreamWatch.PAUSE));
    assertEquals(List.of(gone), ended);
  }

  @Test
  void look_whileItCannotBeKnown_leavesTheAnswerAndTriesAgainLater() {
    stream("c");
    watch.look(OVER);
    watch.look(OVER.plus(StreamWatch.PAUSE).minusMillis(1));
    assertEquals(List.of("c"), asked);
    watch.look(OVER.plus(StreamWatch.PAUSE));
    assertEquals(List.of("c", "c"), asked);
    assertEquals(List.of(), ended);
  }

  @Test
  void look_afterARenewal_waitsForTheNextEnd() {
    Exchange exchange = stream("c");
    Session renewed = Browsing.until(OVER.plusSeconds(300));
    answer = cookie -> Future.succeededFuture(renewed);
    watch.look(OVER);
    watch.look(OVER.plusSeconds(299));
    assertEquals(renewed, exchange.session().orElseThrow());
    assertEquals(1, asked.size());
    watch.look(OVER.plusSeconds(300));
    assertEquals(2, asked.size());
  }

  @Test
  void look_atVeryMany_takesTurns() {
    for (int i = 0; i < 100; i++) {
      stream("c" + i);
    }
    watch.look(OVER);
    assertEquals(64, asked.size());
    watch.look(OVER.plusMillis(500));
    assertEquals(100, asked.stream().distinct().count());
  }
}
