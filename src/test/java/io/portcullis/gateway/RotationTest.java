package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.Await;
import io.portcullis.testing.RawHttp;
import io.portcullis.testing.TestAuthority;
import io.portcullis.testing.TestAuthority.Identity;
import io.portcullis.tls.TlsStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New certificates while requests are served, and what happens to those that are no good. */
final class RotationTest {
  private static final Duration LIMIT = Duration.ofSeconds(15);

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  Path folder;

  private TlsGateway gateway;
  private Identity nginx;
  private Identity ops;

  @BeforeEach
  void start() {
    gateway = new TlsGateway(folder, Duration.ofSeconds(1));
    nginx = gateway.authority.issue("nginx");
    ops = gateway.authority.issue("ops");
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void rotation_underLoad_failsNoRequestAndKeepsAskingForCertificates() throws Exception {
    AtomicBoolean on = new AtomicBoolean(true);
    AtomicInteger answered = new AtomicInteger();
    ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    ExecutorService callers = Executors.newFixedThreadPool(6);
    for (int i = 0; i < 6; i++) {
      boolean internal = i % 2 == 0;
      boolean fresh = i < 2;
      callers.execute(
          () -> {
            while (on.get()) {
              try {
                answered.addAndGet(talk(internal, fresh ? 1 : 1_000, on));
              } catch (IOException | RuntimeException e) {
                failures.add((fresh ? "fresh " : "kept ") + internal + " " + e);
              }
            }
          });
    }
    for (int i = 0; i < 10; i++) {
      rotate(gateway.authority.issue("gateway"));
    }
    on.set(false);
    callers.shutdown();
    assertTrue(callers.awaitTermination(10, TimeUnit.SECONDS));
    assertEquals(List.of(), List.copyOf(failures));
    assertTrue(answered.get() > 1_000, "only " + answered.get() + " requests were answered");
    assertEquals(10, gateway.count("portcullis.tls.reload", "result", "success"));
    assertEquals(0, gateway.count("portcullis.tls.reload", "result", "failure"));
    for (int port : new int[] {gateway.publicPort, gateway.internalPort}) {
      assertFalse(gateway.isServed(gateway.authority.nobody(), port));
      assertFalse(gateway.isServed(gateway.authority.peer(gateway.authority.issue("edge")), port));
    }
    assertEquals(
        List.of(),
        gateway.events.stream()
            .filter(event -> event.reason().equals("role-wrong"))
            .skip(2)
            .toList(),
        "our own looks at our listeners are no events");
  }

  @Test
  void brokenFile_ofEachKind_leavesTheOldOneServingAndIsNamed() throws IOException {
    String before = served(gateway.publicPort, nginx);
    Identity good = gateway.authority.issue("gateway");
    Instant now = Instant.now();
    Duration day = Duration.ofDays(1);
    List<String> right = List.of("spiffe://portcullis/test/gateway");
    Map<String, Consumer<TlsGateway>> broken = new LinkedHashMap<>();
    broken.put("tls.crt: is not whole PEM", g -> g.put("current/tls.crt", "garbage"));
    broken.put("tls.crt: is empty", g -> g.put("current/tls.crt", ""));
    broken.put(
        "tls.crt: is not whole PEM ",
        g -> g.put("current/tls.crt", good.certificatePem().substring(0, 300)));
    broken.put(
        "tls.crt: has a block that is not a certificate",
        g ->
            g.put(
                "current/tls.crt",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"));
    broken.put("tls.key: is not the key", g -> g.put("current/tls.crt", good.certificatePem()));
    broken.put(
        "tls.key: is not whole PEM", g -> g.put("current/tls.key", good.keyPem().substring(0, 60)));
    broken.put(
        "tls.key: holds a CERTIFICATE", g -> g.put("current/tls.key", good.certificatePem()));
    broken.put("trust.pem: is not whole PEM", g -> g.put("trust.pem", "no roots"));
    broken.put(
        "tls.crt: has expired",
        g -> g.serve(g.authority.issue(right, now.minus(day.multipliedBy(2)), day)));
    broken.put(
        "tls.crt: is not valid before", g -> g.serve(g.authority.issue(right, now.plus(day), day)));
    broken.put(
        "tls.crt: names spiffe://portcullis/test/nginx", g -> g.serve(g.authority.issue("nginx")));
    broken.put(
        "tls.crt: has not the name of a service",
        g -> g.serve(g.authority.issue(List.of("https://x"), now, day)));
    broken.put(
        "tls.crt: does not lead to a root",
        g -> g.serve(new TestAuthority("foreign").issue("gateway")));
    broken.forEach(
        (expected, breaking) -> {
          double failures = gateway.count("portcullis.tls.reload", "result", "failure");
          breaking.accept(gateway);
          Await.until(
              () -> failure().contains(expected.strip()),
              LIMIT,
              () -> expected + " is not said but " + failure());
          assertTrue(gateway.count("portcullis.tls.reload", "result", "failure") > failures);
          assertEquals(before, served(gateway.publicPort, nginx), expected);
          assertEquals(before, served(gateway.internalPort, ops), expected);
          restore(before);
        });
    rotate(good);
  }

  @Test
  void trust_whileTheAuthorityRotates_overlapsAndThenEndsTheOldConnections() throws IOException {
    TestAuthority next = new TestAuthority("next");
    gateway.trust(gateway.authority, next);
    Identity later = next.issue("nginx");
    Await.until(
        () -> gateway.isServed(gateway.authority.peer(later), gateway.publicPort),
        LIMIT,
        () -> "the new root is not trusted: " + failure());
    try (SSLSocket old = gateway.connect(gateway.authority.peer(nginx), gateway.publicPort)) {
      rotate(next.issue("gateway"), next);
      TestAuthority.replace(gateway.file("trust.pem"), TestAuthority.pem(next.root()));
      assertEquals(-1, old.getInputStream().read(), "its root is retired");
      assertFalse(gateway.isServed(next.peer(nginx), gateway.publicPort));
      assertTrue(gateway.isServed(next.peer(later), gateway.publicPort));
    }
  }

  @Test
  void connection_thatIsOld_endsAfterAnAnswerThatSaysSo() throws IOException {
    try (RawHttp connection = gateway.open(nginx, gateway.publicPort)) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
      RawHttp.Answer answer;
      do {
        connection.send(TlsGateway.PUBLIC_REQUEST);
        answer = connection.read();
        assertEquals(200, answer.status());
        assertTrue(answer.complete());
      } while (answer.headers("connection").isEmpty() && System.nanoTime() < end);
      assertEquals("close", answer.header("connection"));
    }
  }

  private int talk(boolean internal, int most, AtomicBoolean on) throws IOException {
    int count = 0;
    int port = internal ? gateway.internalPort : gateway.publicPort;
    try (RawHttp connection = gateway.open(internal ? ops : nginx, port)) {
      boolean open = true;
      while (open && count < most && on.get()) {
        connection.send(internal ? TlsGateway.INTERNAL_REQUEST : TlsGateway.PUBLIC_REQUEST);
        RawHttp.Answer answer = connection.read();
        if (answer.status() != 200 || !answer.complete()) {
          throw new IOException("answered " + answer);
        }
        open = answer.headers("connection").isEmpty();
        count++;
      }
    }
    return count;
  }

  private void rotate(Identity next) {
    rotate(next, gateway.authority);
  }

  private void rotate(Identity next, TestAuthority issuer) {
    double proved = gateway.count("portcullis.tls.reload", "result", "success");
    gateway.serve(next);
    Await.until(
        () -> gateway.count("portcullis.tls.reload", "result", "success") > proved,
        LIMIT,
        () -> "the new certificate is not proved: " + failure());
    Identity client = issuer == gateway.authority ? nginx : issuer.issue("nginx");
    assertEquals(next.serial(), served(gateway.publicPort, client, issuer));
  }

  private void restore(String serial) {
    gateway.restore();
    Await.until(
        () -> failure().isEmpty(), LIMIT, () -> "not restored to " + serial + ": " + failure());
  }

  private String served(int port, Identity client) {
    return served(port, client, gateway.authority);
  }

  private String served(int port, Identity client, TestAuthority issuer) {
    try (SSLSocket socket = gateway.connect(issuer.peer(client), port)) {
      X509Certificate leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return leaf.getSerialNumber().toString(16);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private String failure() {
    TlsStatus status = gateway.certificates.status(Clock.systemUTC());
    return status.lastFailure().orElse("");
  }
}
