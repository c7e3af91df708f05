package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class InFlightTest {
  @Test
  void enter_overTheLimit_isRefusedUntilOneLeaves() {
    InFlight inFlight = new InFlight(2, 100);
    Exchanges exchanges = new Exchanges();
    Exchange first = exchanges.at(0);
    assertTrue(inFlight.enter(first));
    assertTrue(inFlight.enter(exchanges.at(0)));
    assertFalse(inFlight.enter(exchanges.at(0)));
    inFlight.leave(first);
    assertTrue(inFlight.enter(exchanges.at(0)));
  }

  @Test
  void expire_handsOutTheLateOnesInOrder_andKeepsThemInFlight() {
    InFlight inFlight = new InFlight(10, 100);
    Exchanges exchanges = new Exchanges();
    List<Exchange> entered = List.of(exchanges.at(0), exchanges.at(10), exchanges.at(200));
    entered.forEach(inFlight::enter);
    List<Exchange> late = new ArrayList<>();
    inFlight.expire(111, late::add);
    assertEquals(entered.subList(0, 2), late);
    assertEquals(3, inFlight.size());
    inFlight.expire(111, late::add);
    assertEquals(2, late.size(), "each is late once");
  }

  @Test
  void answering_isNeverLate() {
    InFlight inFlight = new InFlight(10, 100);
    Exchange streaming = new Exchanges().at(0);
    inFlight.enter(streaming);
    inFlight.answering(streaming);
    inFlight.expire(1_000_000, exchange -> assertFalse(true, "must not be late"));
    inFlight.leave(streaming);
    assertEquals(0, inFlight.size());
  }

  @Test
  void randomOrder_ofEnteringAndLeaving_keepsCountAndOrder() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    InFlight inFlight = new InFlight(50, 1_000);
    Exchanges exchanges = new Exchanges();
    List<Exchange> present = new ArrayList<>();
    ArrayDeque<Exchange> waiting = new ArrayDeque<>();
    for (int now = 0; now < 20_000; now++) {
      if (random.nextBoolean()) {
        Exchange exchange = exchanges.at(now);
        if (inFlight.enter(exchange)) {
          present.add(exchange);
          waiting.add(exchange);
        }
      } else if (!present.isEmpty()) {
        Exchange gone = present.remove(random.nextInt(present.size()));
        waiting.remove(gone);
        inFlight.leave(gone);
      }
      inFlight.expire(now, late -> assertEquals(waiting.poll(), late, "seed " + seed));
      assertEquals(present.size(), inFlight.size(), "seed " + seed);
    }
  }
}
