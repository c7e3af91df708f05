package io.portcullis.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Single requests: to see that a server is there and that it answers as it should. */
final class Web implements AutoCloseable {
  private final HttpClient client;

  Web() {
    client = builder().build();
  }

  /** One that trusts these roots alone. */
  Web(Path trust) {
    client = builder().sslContext(context(trust)).build();
  }

  /** A status and a body. */
  record Answer(int status, String body) {}

  /**
   * A GET.
   *
   * @param token the bearer token; empty for none
   * @throws BenchFailure when there is no answer within ten seconds
   */
  Answer get(URI uri, String token) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
      return new Answer(answer.statusCode(), answer.body());
    } catch (IOException e) {
      throw BenchFailure.of(uri + " does not answer: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BenchFailure.of("interrupted while waiting for " + uri);
    }
  }

  /** Whether there is an answer of status 200. */
  boolean serves(URI uri) {
    try {
      return get(uri, "").status() == 200;
    } catch (BenchFailure away) {
      return false;
    }
  }

  private static HttpClient.Builder builder() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Duration.ofSeconds(2));
  }

  private static SSLContext context(Path trust) {
    try (var in = Files.newInputStream(trust)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate root : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("root-" + store.size(), root);
      }
      var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw BenchFailure.of(trust + " cannot be trusted: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
