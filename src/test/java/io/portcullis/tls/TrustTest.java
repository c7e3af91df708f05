package io.portcullis.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.Await;
import io.portcullis.testing.TestAuthority;
import io.portcullis.testing.TlsFolder;
import io.portcullis.testing.TlsFront;
import io.portcullis.testing.TokenEndpoint;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom the JDK's own client believes with a trust file. */
class TrustTest {
  private final Vertx vertx = Vertx.vertx();
  private final TokenEndpoint server = new TokenEndpoint(vertx);
  private final TlsFolder own;
  private final TlsFolder other;
  private final TlsFront front;

  TrustTest(@TempDir Path folder) {
    own = TlsFolder.of(folder.resolve("own"), new TestAuthority("root"));
    other = TlsFolder.of(folder.resolve("other"), new TestAuthority("another root"));
    front = new TlsFront(vertx, own, server.address().getPort());
  }

  @AfterEach
  void close() {
    Await.value(vertx.close());
  }

  @Test
  void server_thatIsVouchedFor_isBelieved() throws Exception {
    assertEquals(400, status("localhost", Optional.of(own.trust())));
  }

  @Test
  void server_ofAnotherName_isNot() {
    assertThrows(SSLHandshakeException.class, () -> status("127.0.0.1", Optional.of(own.trust())));
  }

  @Test
  void server_ofAnotherAuthority_isNot() {
    assertThrows(
        SSLHandshakeException.class, () -> status("localhost", Optional.of(other.trust())));
    assertThrows(SSLHandshakeException.class, () -> status("localhost", Optional.empty()));
  }

  @Test
  void file_thatChanges_holdsForTheNextHandshake() throws Exception {
    Trust trust = Trust.of(Optional.of(other.trust()));
    assertThrows(SSLHandshakeException.class, () -> status("localhost", trust));
    TestAuthority.replace(other.trust(), Files.readString(own.trust()));
    Await.until("believed", () -> outcome(trust) == 400);
    TestAuthority.replace(other.trust(), "-----BEGIN");
    Await.until(() -> outcome(trust) == 400, Duration.ofSeconds(2), () -> "forgot what it knew");
  }

  /** A client of ours that forgot to ask for it would believe every server of the authority. */
  @Test
  void connection_thatComparesNoNames_isRefused() throws Exception {
    URI address = front.address("localhost", server.address());
    try (var socket =
        (SSLSocket)
            Trust.of(Optional.of(own.trust()))
                .context()
                .getSocketFactory()
                .createSocket(address.getHost(), address.getPort())) {
      var refused = assertThrows(SSLHandshakeException.class, socket::startHandshake);
      assertTrue(
          String.valueOf(refused.getMessage()).contains("compares the name"), refused::toString);
    }
  }

  @Test
  void file_thatIsNoCertificate_isNamed() throws Exception {
    Path file = Files.writeString(own.trust().resolveSibling("half.pem"), "-----BEGIN");
    var fault = assertThrows(BadMaterialException.class, () -> Trust.of(Optional.of(file)));
    assertEquals(file + ": is not whole PEM blocks of CERTIFICATE", fault.getMessage());
  }

  private int outcome(Trust trust) {
    try {
      return status("localhost", trust);
    } catch (IOException e) {
      return 0;
    }
  }

  private int status(String host, Optional<Path> trust) throws IOException {
    return status(host, Trust.of(trust));
  }

  private int status(String host, Trust trust) throws IOException {
    URI address = front.address(host, server.address());
    try (HttpClient client = HttpClient.newBuilder().sslContext(trust.context()).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(address)
              .timeout(Duration.ofSeconds(5))
              .POST(HttpRequest.BodyPublishers.ofString("a=b"))
              .header("content-type", "application/x-www-form-urlencoded")
              .build();
      return client.send(request, BodyHandlers.discarding()).statusCode();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
