package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.local.LocalSystem;
import io.portcullis.local.TestSystem;
import io.portcullis.testing.Await;
import io.portcullis.testing.RawHttp;
import io.portcullis.testing.Trail;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** `serve` as a process of its own, killed and stopped under load; and the trail that is left. */
final class CrashIT {
  private static LocalSystem system;
  private static Trail trail;

  private ServeProcess node = ServeProcess.NONE;

  @BeforeAll
  static void prepare() {
    system = TestSystem.shared();
    TestNode.prepare(system, TestNode.config(system, "prepare"));
    trail = new Trail(() -> TestNode.superuser(system));
  }

  @AfterEach
  void stop() {
    node.kill();
  }

  @Test
  void killedUnderLoad_losesNoAcknowledgedEvent() throws Exception {
    Map<String, String> environment =
        TestNode.environment(system, "crash", "LIMITS_FAILED_AUTHENTICATION_MAX", "1000000");
    node = ServeProcess.start(environment, "crash");
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    List<Thread> callers =
        java.util.stream.IntStream.range(0, 4)
            .mapToObj(
                i ->
                    Thread.ofVirtual()
                        .start(() -> refusedOverAndOver(node.httpPort(), acknowledged)))
            .toList();
    Await.until(
        () -> acknowledged.size() >= 300,
        Duration.ofSeconds(60),
        () -> "acknowledged " + acknowledged.size());
    node.kill();
    for (Thread caller : callers) {
      caller.join(Duration.ofSeconds(20));
    }
    node = ServeProcess.start(environment, "crash");
    for (String request : acknowledged) {
      trail.await(request, entry -> entry.encode().contains("authentication.refused"));
    }
    ServeProcess.Output intact = verify("intact");
    assertEquals(0, intact.exitCode(), intact.text());
  }

  @Test
  void terminatedUnderLoad_finishesWhatItBegan() throws Exception {
    node = ServeProcess.start(TestNode.environment(system, "drain"), "drain");
    Set<String> answered = ConcurrentHashMap.newKeySet();
    Set<String> broken = ConcurrentHashMap.newKeySet();
    int port = node.httpPort();
    List<Thread> callers =
        java.util.stream.IntStream.range(0, 4)
            .mapToObj(
                i -> Thread.ofVirtual().start(() -> publicOverAndOver(port, answered, broken)))
            .toList();
    Await.until(
        () -> answered.size() >= 200, Duration.ofSeconds(60), () -> "answered " + answered.size());
    assertEquals(
        0, node.terminate(Duration.ofSeconds(40)), "a told stop is no failure: " + node.log());
    for (Thread caller : callers) {
      caller.join(Duration.ofSeconds(20));
    }
    assertEquals(Set.of(), broken, "no request that was taken was broken off");
    assertTrue(
        trail.containing("node:drain").stream().anyMatch(e -> e.encode().contains("node.stopped")));
  }

  @Test
  void tampering_isNamedByItsSequence() throws Exception {
    node = ServeProcess.start(TestNode.environment(system, "tamper"), "tamper");
    Set<String> ids = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < 30; i++) {
      ids.add(refusedOnce(node.httpPort()));
    }
    for (String id : ids) {
      trail.await(id, entry -> true);
    }
    node.terminate(Duration.ofSeconds(40));
    assertEquals(0, verify("before").exitCode());
    long last = number("SELECT max(seq) FROM audit.entry WHERE chain = 'platform'");
    long victim = last - 10;
    broken(
        "UPDATE audit.entry SET body = replace(body, 'refused', 'allowed') WHERE " + at(victim),
        victim);
    broken("DELETE FROM audit.entry WHERE " + at(victim), victim);
    broken(
        "UPDATE audit.entry SET seq = 1000000000 WHERE "
            + at(victim)
            + "; UPDATE audit.entry SET seq = "
            + victim
            + " WHERE "
            + at(victim + 1)
            + "; UPDATE audit.entry SET seq = "
            + (victim + 1)
            + " WHERE "
            + at(1_000_000_000),
        victim);
    assertEquals(0, verify("after").exitCode(), "as before when it is put back");
  }

  private static void broken(String tampering, long sequence) throws Exception {
    sql(
        "CREATE TABLE public.kept AS TABLE audit.entry; ALTER TABLE audit.entry DISABLE TRIGGER append_only");
    try {
      sql(tampering);
      ServeProcess.Output output = verify("tampered");
      assertEquals(1, output.exitCode(), output.text());
      assertTrue(output.text().contains(Long.toString(sequence)), output.text());
    } finally {
      sql(
          "DELETE FROM audit.entry; INSERT INTO audit.entry TABLE public.kept; DROP TABLE public.kept;"
              + " ALTER TABLE audit.entry ENABLE ALWAYS TRIGGER append_only");
    }
  }

  private static ServeProcess.Output verify(String name) throws Exception {
    return ServeProcess.command(TestNode.environment(system, "verify-" + name), "audit", "verify");
  }

  private static String at(long sequence) {
    return "chain = 'platform' AND seq = " + sequence;
  }

  private static void refusedOverAndOver(int port, Set<String> acknowledged) {
    try {
      while (acknowledged.size() < 20_000) {
        acknowledged.add(refusedOnce(port));
      }
    } catch (IOException killed) {
      // That is the point.
    }
  }

  /** The answer is the acknowledgement: it leaves after the event is on disk. */
  private static String refusedOnce(int port) throws IOException {
    try (RawHttp connection = new RawHttp(port)) {
      connection.send("GET /api/v1/me HTTP/1.1\r\nHost: a\r\n\r\n");
      RawHttp.Answer answer = connection.read();
      if (answer.status() != 401 || !answer.complete()) {
        throw new IOException("answered " + answer.status());
      }
      return answer.header("x-request-id");
    }
  }

  private static void publicOverAndOver(int port, Set<String> answered, Set<String> broken) {
    while (answered.size() < 100_000) {
      boolean sent = false;
      try (RawHttp connection = new RawHttp(port)) {
        connection.send("GET /openapi.json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        sent = true;
        RawHttp.Answer answer = connection.read();
        if (!answer.complete()) {
          broken.add("torn");
          return;
        }
        answered.add(answer.header("x-request-id"));
        LockSupport.parkNanos(2_000_000);
      } catch (java.io.EOFException | java.net.SocketException closed) {
        // Closed or refused before a byte of an answer: the listener had stopped taking requests.
        if (sent && closed instanceof java.net.SocketTimeoutException) {
          broken.add(closed.toString());
        }
        return;
      } catch (IOException other) {
        broken.add(other.toString());
        return;
      }
    }
  }

  private static void sql(String statements) throws SQLException {
    try (Connection connection = TestNode.superuser(system);
        Statement statement = connection.createStatement()) {
      statement.execute(statements);
    }
  }

  private static long number(String query) throws SQLException {
    try (Connection connection = TestNode.superuser(system);
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
