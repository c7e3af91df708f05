package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.local.EdgeKeeper;
import io.portcullis.local.LocalCertificates;
import io.portcullis.local.TestSystem;
import io.portcullis.testing.Await;
import io.portcullis.testing.EdgeSystem;
import io.portcullis.testing.SteadyLoad;
import io.portcullis.testing.TestAuthority;
import io.portcullis.testing.TestTls;
import io.portcullis.tls.CaSettings;
import io.portcullis.tls.CertificateAuthority;
import io.portcullis.tls.IdentityRequest;
import io.portcullis.tls.IssuedCertificate;
import io.portcullis.tls.Passphrases;
import io.portcullis.tls.RevocationReason;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/**
 * The whole path, client to Nginx to gateway, while every identity is replaced over and over; and
 * then who is still refused. Longer by {@code -Dportcullis.rotation.seconds=600
 * -Dportcullis.rotation.every=60}.
 */
@TestMethodOrder(OrderAnnotation.class)
@Timeout(1200)
final class EdgeRotationIT {
  private static final int SECONDS = Integer.getInteger("portcullis.rotation.seconds", 24);
  private static final int EVERY = Integer.getInteger("portcullis.rotation.every", 8);
  private static final int PER_SECOND = Integer.getInteger("portcullis.rotation.rate", 200);
  private static final int WARM_UP = 1500;
  private static final String CA_PASSPHRASE = "of the intermediate, for this test";
  private static final String ROOT_PASSPHRASE = "of the root, for this test";
  private static final String PUBLIC = "/api/v1/me";
  private static final String INTERNAL = "/internal/v1/me";

  private static Path directory;
  private static EdgeNode front;
  private static EdgeKeeper keeper;

  @BeforeAll
  static void start() throws IOException {
    directory = TestSystem.scratch("rotation");
    foundAnHourAgo();
    LocalCertificates certificates = EdgeSystem.certificates(directory);
    certificates.authority().issue(IdentityRequest.of("ops"));
    front =
        EdgeNode.start(
            "rotation",
            directory,
            certificates,
            edge -> edge.with("EDGE_RATE", "100000").with("EDGE_BURST", "100000"),
            "HTTP_INSTANCES",
            "2",
            "REDIS_DATABASE", // what is counted here must not count elsewhere
            "6",
            "LIMITS_PER_IP_MAX",
            "1000000",
            "LIMITS_PER_USER_MAX",
            "1000000",
            "LIMITS_PER_TENANT_MAX",
            "1000000");
    keeper = EdgeKeeper.start(certificates, Optional.of(front.edge));
  }

  @AfterAll
  static void stop() {
    keeper.close();
    front.close();
  }

  @Test
  @Order(1)
  void rotation_ofEveryIdentityUnderLoad_losesNoRequest() {
    URI uri = URI.create("https://localhost:" + front.edge.httpsPort() + PUBLIC);
    warmUp(uri);
    int rotations = 0;
    SteadyLoad.Result result;
    try (SteadyLoad.Running load = new SteadyLoad(uri, front::tls, tokens(), PER_SECOND).begin()) {
      long begun = System.nanoTime();
      while (System.nanoTime() - begun < Duration.ofSeconds(SECONDS).toNanos()) {
        long next = System.nanoTime() + Duration.ofSeconds(EVERY).toNanos();
        rotate();
        rotations++;
        int answered = load.result().total();
        Await.until(
            () -> System.nanoTime() >= next && load.result().total() > answered,
            Duration.ofSeconds(EVERY + 30L),
            () -> "the load stands still: " + load.result());
      }
      result = load.end();
    }
    assertEquals(List.of(), result.failures());
    assertEquals(java.util.Set.of(200), result.counts().keySet());
    // At most each HTTP/2 connection that a reload found open.
    assertTrue(result.again() <= 5 * rotations, "too many connections lost: " + result);
    assertTrue(result.total() > SECONDS * PER_SECOND / 2, "too little load: " + result);
    assertTrue(rotations >= SECONDS / EVERY, "only " + rotations + " rotations");
    LoggerFactory.getLogger(EdgeRotationIT.class)
        .atInfo()
        .addKeyValue("event.action", "test.rotation")
        .log("{} rotations under load: {}", rotations, result);
  }

  @Test
  @Order(2)
  void listeners_afterRotations_takeTheRightIdentityAlone() throws Exception {
    assertTrue(answers(publicPort(), front.tls("nginx"), PUBLIC));
    assertTrue(answers(internalPort(), front.tls("ops"), INTERNAL));
    assertRefused("no certificate", front.tls());
    assertRefused("a wrong name", front.tls("edge"));
    assertFalse(answers(publicPort(), front.tls("ops"), PUBLIC));
    assertFalse(answers(internalPort(), front.tls("nginx"), INTERNAL));
    TestAuthority foreign = new TestAuthority("foreign");
    List<String> names = List.of("spiffe://portcullis/development/nginx");
    assertRefused(
        "a foreign authority", trustingAll(foreign.issue(names, now(), Duration.ofDays(1))));
    issueExpired("nginx");
    issueExpired("ops");
    assertFalse(answers(publicPort(), front.tls("nginx"), PUBLIC), "expired");
    assertFalse(answers(internalPort(), front.tls("ops"), INTERNAL), "expired");
    for (String role : List.of("nginx", "ops")) {
      front.certificates.authority().rotate(role);
    }
    assertTrue(answers(publicPort(), front.tls("nginx"), PUBLIC));
    assertTrue(answers(internalPort(), front.tls("ops"), INTERNAL));
  }

  @Test
  @Order(3)
  void listeners_afterARevocation_refuseWithinSeconds() {
    for (String role : List.of("nginx", "ops")) {
      SSLContext revoked = front.tls(role);
      front.certificates.authority().revoke(role, RevocationReason.KEY_COMPROMISE);
      int port = role.equals("nginx") ? publicPort() : internalPort();
      String path = role.equals("nginx") ? PUBLIC : INTERNAL;
      Await.until(role + " is refused", () -> !answers(port, revoked, path));
    }
  }

  /** A JVM that has just started has other worries than certificates. */
  private static void warmUp(URI uri) {
    try (SteadyLoad.Running load = new SteadyLoad(uri, front::tls, tokens(), PER_SECOND).begin()) {
      Await.until(
          () -> load.result().total() >= WARM_UP,
          Duration.ofSeconds(60),
          () -> "not warm: " + load.result());
    }
  }

  private static void rotate() {
    front.certificates.authority().rotateAll();
    String served = serial("edge");
    Await.until(
        () -> served.equals(servedSerial(front.edge.httpsPort(), front.tls())),
        Duration.ofSeconds(30),
        () -> "Nginx does not serve " + served);
    for (String role : List.of("nginx", "ops")) {
      int port = role.equals("nginx") ? publicPort() : internalPort();
      Await.until(
          () -> serial("gateway").equals(servedSerial(port, front.tls(role))),
          Duration.ofSeconds(30),
          () -> "the gateway does not serve its new certificate to " + role);
    }
  }

  private static Supplier<String> tokens() {
    AtomicReference<String> token = new AtomicReference<>(front.node.token("alice"));
    AtomicReference<Long> taken = new AtomicReference<>(System.nanoTime());
    return () -> {
      synchronized (token) {
        if (System.nanoTime() - taken.get() > Duration.ofSeconds(60).toNanos()) {
          token.set(front.node.token("alice"));
          taken.set(System.nanoTime());
        }
        return token.get();
      }
    };
  }

  /** An authority that is old enough to have issued what has expired since. */
  private static void foundAnHourAgo() throws IOException {
    Path secrets = Files.createDirectories(directory.resolve("secrets"));
    Files.writeString(secrets.resolve("certs-ca"), CA_PASSPHRASE);
    Files.writeString(secrets.resolve("certs-root"), ROOT_PASSPHRASE);
    CaSettings settings = CaSettings.of(directory.resolve("certs"), "development");
    try (Passphrases both =
        new Passphrases(ROOT_PASSPHRASE.toCharArray(), CA_PASSPHRASE.toCharArray())) {
      CertificateAuthority.init(settings, both, ago(Duration.ofHours(1))).close();
    }
  }

  /** A certificate of our own authority that ended a while ago, as the role's current one. */
  private static void issueExpired(String role) {
    try (CertificateAuthority earlier =
        CertificateAuthority.open(
            front.certificates.directory(),
            CA_PASSPHRASE.toCharArray(),
            ago(Duration.ofMinutes(30)))) {
      earlier.issue(IdentityRequest.of(role).withLife(Duration.ofMinutes(1)));
    }
  }

  private static Clock ago(Duration time) {
    return Clock.offset(Clock.systemUTC(), time.negated());
  }

  private static void assertRefused(String what, SSLContext context) {
    assertFalse(answers(publicPort(), context, PUBLIC), what + " on the public listener");
    assertFalse(answers(internalPort(), context, INTERNAL), what + " on the internal listener");
  }

  /** Whether a request gets any answer of HTTP. */
  private static boolean answers(int port, SSLContext context, String path) {
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("localhost", port)) {
      socket.setSoTimeout(10_000);
      String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().read() >= 0;
    } catch (SSLException | SocketException refused) {
      return false;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String servedSerial(int port, SSLContext context) {
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("localhost", port)) {
      socket.setSoTimeout(10_000);
      socket.startHandshake();
      var leaf = (java.security.cert.X509Certificate) socket.getSession().getPeerCertificates()[0];
      return leaf.getSerialNumber().toString(16);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static String serial(String role) {
    return front.certificates.authority().list().certificates().stream()
        .filter(one -> one.role().equals(role))
        .filter(one -> one.status() == IssuedCertificate.Status.CURRENT)
        .map(IssuedCertificate::serial)
        .findFirst()
        .orElseThrow();
  }

  private static SSLContext trustingAll(TestAuthority.Identity identity) {
    return TestTls.insistent(front.certificates.directory(), identity);
  }

  private static int publicPort() {
    return front.node.node.httpPort();
  }

  private static int internalPort() {
    return front.node.node.internalPort();
  }

  private static java.time.Instant now() {
    return java.time.Instant.now();
  }
}
