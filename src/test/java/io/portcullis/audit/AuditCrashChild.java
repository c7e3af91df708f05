package io.portcullis.audit;

import io.portcullis.config.PostgresConfig;
import io.portcullis.config.PostgresConfig.Login;
import io.portcullis.config.Secret;
import io.portcullis.model.AuditEvent;
import io.portcullis.model.AuditEvent.Outcome;
import io.portcullis.model.TenantId;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * A node that records events until it is killed, and prints the id of each after it was told that
 * it is durable. Arguments: the folder; port, user and password of PostgreSQL.
 */
final class AuditCrashChild {
  private AuditCrashChild() {}

  public static void main(String[] args) throws Exception {
    Vertx vertx = Vertx.vertx();
    ChainDatabase database = ChainPostgres.database(vertx, postgres(args));
    AuditTrail trail = AuditNode.start(vertx, "child", Path.of(args[0]), database).trail();
    AuditEvents events = new AuditEvents(Clock.systemUTC());
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Semaphore inFlight = new Semaphore(64);
    for (int i = 0; i < 1_000_000; i++) {
      inFlight.acquire();
      Optional<TenantId> tenant =
          i % 2 == 0 ? Optional.empty() : Optional.of(new TenantId("acme000000000"));
      AuditEvent event =
          events.critical("test", tenant, "a", Outcome.SUCCESS, "", "", Map.of("i", "" + i));
      trail
          .record(event)
          .onComplete(
              done -> {
                if (done.succeeded()) {
                  out.println(event.id());
                }
                inFlight.release();
              });
    }
  }

  private static PostgresConfig postgres(String[] args) {
    Login login = new Login(args[2], new Secret(args[3]));
    Duration patience = Duration.ofSeconds(5);
    return new PostgresConfig(
        "127.0.0.1",
        Integer.parseInt(args[1]),
        "postgres",
        login,
        login,
        login,
        4,
        64,
        patience,
        patience,
        patience,
        Duration.ofMinutes(30));
  }
}
