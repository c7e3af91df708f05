package io.portcullis.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.config.RedisConfig;
import io.portcullis.config.Secret;
import io.portcullis.config.SentinelConfig;
import io.portcullis.testing.Await;
import io.portcullis.testing.FreePort;
import io.portcullis.testing.RedisServer;
import io.portcullis.testing.TestAuthority;
import io.portcullis.testing.TlsFolder;
import io.portcullis.tls.BadMaterialException;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Redis by TLS whose certificate is good for {@code localhost}, with users of its own. */
final class RedisTlsIT {
  private static final String PASSWORD = "a-password-of-lanes";

  @SuppressWarnings("NullAway.Init") // JUnit sets it
  @TempDir
  private static Path folder;

  private static RedisServer server;
  private static TlsFolder tls;
  private static int port;

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @BeforeAll
  static void start() {
    tls = TlsFolder.of(folder.resolve("server"), new TestAuthority("root of redis"));
    port = FreePort.any();
    server = RedisServer.start(tls.redis(port));
    String rights = "on >" + PASSWORD + " resetkeys ~pc:* resetchannels &pc:* -@all";
    String commands = "+hello +auth +select +ping +subscribe +publish +get +set";
    assertEquals(
        "+OK", server.command(("ACL SETUSER lanes " + rights + " " + commands).split(" ", -1)));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void close() {
    Await.value(vertx.close());
  }

  @Test
  void lanesAndMessages_byTls_work() {
    RedisConfig config = config("localhost", tls.trust());
    RedisLanes lanes = lanes(config);
    Await.until("connected", () -> lanes.lane().status().up());
    assertEquals("OK", Await.value(call(lanes.lane(), "SET", "pc:a", "1")).text());
    assertEquals("1", Await.value(call(lanes.lane(), "GET", "pc:a")).text());
    RedisException refused =
        (RedisException) Await.failure(call(lanes.lane(), "SET", "other", "1"));
    assertEquals("NOPERM", refused.code());

    List<String> heard = new CopyOnWriteArrayList<>();
    Broadcast broadcast = new Broadcast(vertx, config, lanes, meters);
    broadcast.listen("a", heard::add, () -> {});
    Await.value(broadcast.start());
    Await.until("connected", broadcast::connected);
    Await.value(broadcast.publish("a", "1"));
    Await.until("heard", () -> heard.equals(List.of("1")));
  }

  @Test
  void certificate_ofAnotherName_isRefused() {
    assertRefused(config("127.0.0.1", tls.trust()));
  }

  @Test
  void certificate_ofAnotherAuthority_isRefused_untilTheFileChanges() throws Exception {
    TlsFolder other = TlsFolder.of(folder.resolve("other"), new TestAuthority("another root"));
    RedisConfig config = config("localhost", other.trust());
    RedisLanes lanes = assertRefused(config);
    TestAuthority.replace(other.trust(), "-----BEGIN");
    assertFalse(lanes.lane().status().up());
    TestAuthority.replace(other.trust(), Files.readString(tls.trust()));
    Await.until("believes what the file says now", () -> lanes.lane().status().up());
  }

  @Test
  void certificate_thatOnlyTheJvmCouldKnow_isRefused() {
    assertRefused(
        new RedisConfig(
            "localhost",
            port,
            "lanes",
            new Secret(PASSWORD),
            0,
            Duration.ofSeconds(1),
            64,
            true,
            Optional.empty(),
            SentinelConfig.NONE));
  }

  @Test
  void trust_thatIsNoCertificate_isAFaultAtTheStart() throws Exception {
    Path file = Files.writeString(folder.resolve("empty.pem"), "");
    BadMaterialException fault =
        assertThrows(BadMaterialException.class, () -> lanes(config("localhost", file)));
    assertEquals(file + ": is empty", fault.getMessage());
  }

  private RedisLanes assertRefused(RedisConfig config) {
    RedisLanes lanes = lanes(config);
    RedisLane lane = lanes.lane();
    Await.until("refused", () -> lane.status().lastError().equals("tls-refused"));
    assertFalse(lane.status().up());
    Broadcast broadcast = new Broadcast(vertx, config, lanes, meters);
    broadcast.listen("a", text -> {}, () -> {});
    Await.value(broadcast.start());
    Await.until(
        "two attempts", () -> meters.get("portcullis.broadcast.failures").counter().count() >= 2);
    assertFalse(broadcast.connected());
    Await.value(broadcast.close());
    return lanes;
  }

  private RedisLanes lanes(RedisConfig config) {
    return new RedisLanes(vertx, config, LanePolicy.forState(), meters, "state");
  }

  private static io.vertx.core.Future<Reply> call(RedisLane lane, String... words) {
    return lane.call(
        List.of(words).stream().map(word -> word.getBytes(UTF_8)).toList(), Duration.ofSeconds(1));
  }

  private static RedisConfig config(String host, Path trust) {
    return new RedisConfig(
        host,
        port,
        "lanes",
        new Secret(PASSWORD),
        0,
        Duration.ofSeconds(1),
        64,
        true,
        Optional.of(trust),
        SentinelConfig.NONE);
  }
}
