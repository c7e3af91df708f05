package io.portcullis.audit;

import static io.portcullis.audit.JournalFixture.await;
import static io.portcullis.audit.JournalFixture.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.config.PostgresConfig.Login;
import io.portcullis.model.AuditEvent;
import io.portcullis.model.AuditEvent.Outcome;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged is in the chain, whoever dies: the node or the database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditCrashIT {
  private final Vertx vertx = Vertx.vertx();
  private final ChainPostgres postgres = new ChainPostgres(vertx);
  private final ChainVerifier verifier = new ChainVerifier(postgres.database());

  @AfterAll
  void close() {
    postgres.close();
    await(vertx.close());
  }

  private AuditNode start(Path state) {
    return AuditNode.start(Vertx.vertx(), "n1", state, postgres.database());
  }

  private void assertChained(Set<UUID> acknowledged, String when) {
    List<Object> ids = postgres.column("SELECT event_id FROM audit.entry");
    Set<Object> chained = new HashSet<>(ids);
    assertEquals(ids.size(), chained.size(), "each once");
    assertEquals(
        List.of(), acknowledged.stream().filter(id -> !chained.contains(id)).toList(), when);
    for (String chain : verifier.chains()) {
      assertEquals(Optional.empty(), verifier.verify(chain).problem(), when);
    }
    System.out.printf("%s: %d acknowledged, %d chained%n", when, acknowledged.size(), ids.size());
  }

  @Test
  void record_nodeKilledWhileAcknowledging_losesNoAcknowledgedEvent(@TempDir Path state)
      throws Exception {
    postgres.empty();
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Set<UUID> acknowledged = new HashSet<>();
    for (int round = 1; round <= 3; round++) {
      acknowledged.addAll(runAndKill(state, 200 + random.nextInt(1_000)));
      AuditNode node = start(state);
      node.untilChained();
      node.stop();
      assertChained(acknowledged, "kill " + round + " of a node, seed " + seed);
      assertEquals(0, node.verticle().status().lost());
    }
  }

  @Test
  void record_databaseKilledMeanwhile_goesOnFromTheJournal(@TempDir Path state) {
    postgres.empty();
    AuditEvents events = new AuditEvents(Clock.systemUTC());
    Set<UUID> acknowledged = new HashSet<>();
    AuditNode node = start(state);
    for (int i = 0; i < 600; i++) {
      AuditEvent event =
          events.critical("t", Optional.empty(), "a", Outcome.SUCCESS, "", "", Map.of());
      await(node.trail().record(event));
      acknowledged.add(event.id());
      if (i == 200) {
        postgres.server().kill();
      }
      if (i == 400) {
        until("noticed", () -> node.verticle().status().mode() == AuditStatus.Mode.JOURNAL_ONLY);
        postgres.server().restart();
      }
    }
    node.untilChained();
    until("noticed", () -> node.verticle().status().mode() == AuditStatus.Mode.DURABLE);
    node.stop();
    assertChained(acknowledged, "kill of the database");
  }

  /** Kills the node (SIGKILL) after it acknowledged so many; returns all it acknowledged. */
  private List<UUID> runAndKill(Path state, int after) throws Exception {
    Login login = postgres.server().config().platform();
    String classes = System.getProperty("java.class.path");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", classes),
                AuditCrashChild.class.getName(),
                state.toString(),
                Integer.toString(postgres.server().port()),
                login.user(),
                login.password().value())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<UUID> acknowledged = new ArrayList<>();
    try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.length() == 36) {
          acknowledged.add(UUID.fromString(line));
        }
        if (acknowledged.size() == after) {
          child.toHandle().destroyForcibly(); // what it wrote before can still be read
        }
      }
    } finally {
      child.destroyForcibly();
    }
    assertTrue(child.waitFor(10, TimeUnit.SECONDS));
    assertTrue(acknowledged.size() >= after, "the child ended by itself: " + child.exitValue());
    return acknowledged;
  }
}
