package io.portcullis.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.local.EdgeKeeper;
import io.portcullis.local.LocalFailure;
import io.portcullis.local.TestSystem;
import io.portcullis.testing.Await;
import io.portcullis.testing.EdgeClient;
import io.portcullis.testing.EdgeSystem;
import io.portcullis.testing.TestTls;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What changes while Nginx serves, and what must not take it down. */
@Timeout(180)
final class EdgeReloadIT {
  private static Path templates;
  private static EdgeSystem edge;
  private static SSLContext trusting;
  private static EdgeClient client;

  @BeforeAll
  static void start() throws IOException {
    templates = TestSystem.scratch("edge-templates");
    copy(Path.of("nginx"), templates);
    edge = EdgeSystem.start("edge-reload", settings -> settings.withTemplates(templates));
    trusting = edge.context();
    client = edge.client();
  }

  @AfterAll
  static void stop() {
    ProcessHandle master = edge.edge().process();
    edge.close();
    assertFalse(master.isAlive());
  }

  @Test
  void reload_afterARotation_servesTheNewSerialFromNewWorkers() throws IOException {
    String before = serial();
    Set<Long> workers = edge.edge().workers();
    String issued = edge.certificates().authority().rotate("edge").serial();
    edge.edge().reload();
    assertNotEquals(before, serial());
    assertEquals(issued, serial());
    assertTrue(edge.edge().workers().stream().anyMatch(worker -> !workers.contains(worker)));
  }

  @Test
  void reload_underLoad_losesNoRequest() throws Exception {
    AtomicInteger answered = new AtomicInteger();
    AtomicBoolean enough = new AtomicBoolean();
    List<AssertionError> lost = new CopyOnWriteArrayList<>();
    edge.gateway().reset();
    // The JDK's client asks again by itself when its kept connection ends before an answer begins
    // (RFC 9110, section 9.2.2), over HTTP/1.1 alone.
    EdgeClient keeping = EdgeClient.http1(edge.edge().httpsPort(), trusting);
    Thread load =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    while (!enough.get()) {
                      assertEquals(200, keeping.get("/api/v1/me").statusCode());
                      answered.incrementAndGet();
                    }
                  } catch (AssertionError e) {
                    lost.add(e);
                  }
                });
    int before = 0;
    for (int i = 0; i < 4; i++) {
      edge.certificates().authority().rotate(i % 2 == 0 ? "edge" : "nginx");
      edge.edge().reload();
      int seen = before;
      Await.until("requests after reload " + i, () -> answered.get() > seen || !lost.isEmpty());
      assertEquals(List.of(), lost);
      before = answered.get();
    }
    enough.set(true);
    load.join(Duration.ofSeconds(20));
    assertFalse(load.isAlive());
    assertEquals(List.of(), lost);
    assertEquals(edge.gateway().seen().size(), answered.get());
  }

  @Test
  void reload_withABrokenFile_keepsTheOldAndNamesIt() throws IOException {
    Path certificates = edge.certificates().directory();
    for (String name :
        List.of("identities/edge/current/tls.key", "trust.pem", "crl.pem", "tickets/current.key")) {
      Path file = certificates.resolve(name).toRealPath();
      byte[] good = Files.readAllBytes(file);
      String serial = serial();
      Files.writeString(file, "broken");
      try {
        var failure = assertThrows(LocalFailure.class, () -> edge.edge().reload(), name);
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.contains(certificates.resolve(name).toString()), message);
        assertEquals(serial, serial());
        assertEquals(200, client.get("/api/v1/me").statusCode());
      } finally {
        Files.write(file, good);
      }
    }
    edge.edge().reload();
  }

  @Test
  void reload_withABrokenTemplate_keepsTheOldAndNamesIt() throws IOException {
    Path file = templates.resolve("conf.d/limits.conf");
    String good = Files.readString(file);
    String[][] broken = {
      {"client_max_body_size", "client_max_bodysize", "limits.conf"},
      {"${EDGE_MAX_BODY}", "${EDGE_MAX_BODIES}", "nothing is known of ${EDGE_MAX_BODIES}"},
      {"${EDGE_MAX_BODY}", "$EDGE_MAX_BODY", "limits.conf, line"}
    };
    for (String[] change : broken) {
      Files.writeString(file, good.replace(change[0], change[1]));
      try {
        var failure = assertThrows(LocalFailure.class, () -> edge.edge().reload());
        assertTrue(String.valueOf(failure.getMessage()).contains(change[2]), failure.getMessage());
        assertEquals(413, tooLarge().statusCode(), "the old one serves");
      } finally {
        Files.writeString(file, good);
      }
    }
    try (Stream<Path> kept = Files.list(edge.edge().settings().directory())) {
      assertEquals(1, kept.filter(f -> f.getFileName().toString().startsWith("conf-")).count());
    }
  }

  @Test
  void keeper_hasChangedFilesTakenOver_alsoAfterOneThatWasRefused() throws IOException {
    try (EdgeKeeper _ = EdgeKeeper.start(edge.certificates(), Optional.of(edge.edge()))) {
      assertEquals(serial(), fileSerial());
      edge.certificates().authority().rotate("edge");
      Await.until("the new certificate", () -> serial().equals(fileSerial()));

      Path key = edge.certificates().directory().resolve("identities/edge/current/tls.key");
      Path real = key.toRealPath();
      byte[] good = Files.readAllBytes(real);
      Set<Long> workers = edge.edge().workers();
      Files.writeString(real, "broken");
      assertEquals(200, client.get("/api/v1/me").statusCode());
      Files.write(real, good);
      Await.until(
          "workers with the mended file",
          () -> edge.edge().workers().stream().anyMatch(worker -> !workers.contains(worker)));
    }
  }

  @Test
  void tickets_openWithThePreviousKey() throws Exception {
    Path tickets = edge.certificates().directory().resolve("tickets");
    byte[] current = Files.readAllBytes(tickets.resolve("current.key"));
    assertEquals(80, current.length);
    edge.certificates().authority().rotateAll();
    edge.edge().reload();
    assertEquals(
        List.of(java.util.HexFormat.of().formatHex(current)),
        List.of(
            java.util.HexFormat.of()
                .formatHex(Files.readAllBytes(tickets.resolve("previous.key")))));
  }

  private static HttpResponse<String> tooLarge() {
    return client.post("/api/v1/conversations", "[" + "1,".repeat(600_000) + "1]");
  }

  private static String serial() {
    try (var socket =
        (SSLSocket)
            trusting.getSocketFactory().createSocket("localhost", edge.edge().httpsPort())) {
      socket.startHandshake();
      var leaf = (java.security.cert.X509Certificate) socket.getSession().getPeerCertificates()[0];
      return leaf.getSerialNumber().toString(16);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String fileSerial() {
    Path file = edge.certificates().directory().resolve("identities/edge/current/tls.crt");
    return TestTls.chain(file).iterator().next().getSerialNumber().toString(16);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }
}
