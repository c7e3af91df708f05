package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.local.Part;
import io.portcullis.testing.Await;
import io.portcullis.testing.Visitor;
import io.portcullis.testing.Visitor.Page;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Somebody is logged in when Redis goes silent. */
@Timeout(120)
final class PeopleOutageIT {
  /** Two seconds of memory, half a second for the look that fails then, and air. */
  private static final Duration REMEMBERED = Duration.ofSeconds(4);

  private static PeopleSystem people;

  @BeforeAll
  static void start() {
    people = PeopleSystem.start("outage", 1);
  }

  @AfterAll
  static void stop() {
    people.close();
  }

  @Test
  void session_whileRedisIsSilent_servesFromMemoryThenSays503AndNever401() {
    try (Visitor alice = new Visitor()) {
      people.logIn(alice, "alice", "alice", "acme");
      URI me = people.at("/api/v1/me");
      assertEquals(200, alice.send("GET", me).status());
      List<Integer> statuses = new ArrayList<>();
      Optional<Page> refused = Optional.empty();
      people.system.signal(Part.REDIS, "STOP");
      try {
        long begun = System.nanoTime();
        while (refused.isEmpty() && System.nanoTime() - begun < 3 * REMEMBERED.toNanos()) {
          Page answer = alice.send("GET", me);
          statuses.add(answer.status());
          refused = Optional.of(answer).filter(page -> page.status() != 200);
          LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        Duration served = Duration.ofNanos(System.nanoTime() - begun);
        System.out.println(statuses.size() + " answers from memory in " + served);
        assertTrue(served.compareTo(REMEMBERED) < 0, "memory is short: " + served);
        for (int i = 0; i < 20; i++) {
          statuses.add(alice.send("GET", me).status());
        }
      } finally {
        people.system.signal(Part.REDIS, "CONT");
      }
      assertEquals(200, statuses.getFirst(), "from memory");
      Page away = refused.orElseThrow();
      assertEquals(503, away.status(), away.text());
      assertTrue(away.headers().firstValue("Retry-After").isPresent(), "says when to come back");
      assertEquals(List.of(200, 503), statuses.stream().distinct().toList(), statuses::toString);
      Await.until("the session again", () -> alice.send("GET", me).status() == 200);
    }
  }
}
