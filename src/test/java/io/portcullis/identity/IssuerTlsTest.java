package io.portcullis.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.config.IdentityConfig;
import io.portcullis.config.IdentityConfig.Issuer;
import io.portcullis.testing.Await;
import io.portcullis.testing.TestAuthority;
import io.portcullis.testing.TestIssuer;
import io.portcullis.testing.TestKey;
import io.portcullis.testing.TlsFolder;
import io.portcullis.testing.TlsFront;
import io.portcullis.tls.BadMaterialException;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys by https count only from who is vouched for by the issuer's file, and has the name. */
class IssuerTlsTest {
  private final Vertx vertx = Vertx.vertx();
  private final TestIssuer issuer = new TestIssuer(vertx);
  private final TlsFolder own;
  private final TlsFolder other;
  private final TlsFront front;

  IssuerTlsTest(@TempDir Path folder) {
    own = TlsFolder.of(folder.resolve("own"), new TestAuthority("root"));
    other = TlsFolder.of(folder.resolve("other"), new TestAuthority("another root"));
    front = new TlsFront(vertx, own, issuer.jwks().getPort());
    issuer.publish(TestKey.of("a", "ES256"));
  }

  @AfterEach
  void close() {
    Await.value(vertx.close());
  }

  @Test
  void keys_ofAServerThatIsVouchedFor_areFetched() {
    assertEquals(1, keys(front.address("localhost", issuer.jwks()), own.trust()));
  }

  @Test
  void keys_ofAnotherName_areNot() {
    assertEquals(0, keys(front.address("127.0.0.1", issuer.jwks()), own.trust()));
    assertEquals(0, issuer.fetches());
  }

  @Test
  void keys_ofAServerOfAnotherAuthority_areNot() {
    assertEquals(0, keys(front.address("localhost", issuer.jwks()), other.trust()));
    assertEquals(0, issuer.fetches());
  }

  @Test
  void trust_thatIsNotThere_isAFaultAtTheStart() {
    URI address = front.address("localhost", issuer.jwks());
    assertThrows(BadMaterialException.class, () -> keys(address, Path.of("nowhere.pem")));
  }

  /** How many keys there are after the start. */
  private int keys(URI jwks, Path trust) {
    Issuer direct = issuer.config();
    IdentityConfig config =
        patient(
            new Issuer(
                direct.name(),
                direct.issuer(),
                Optional.of(jwks),
                Optional.empty(),
                direct.audiences(),
                direct.clients(),
                direct.algorithms(),
                direct.rolesClient(),
                Optional.of(trust)));
    SigningKeys keys = new SigningKeys(config, Clock.systemUTC());
    JwtVerticle verticle = new JwtVerticle(config, keys, new SimpleMeterRegistry());
    Await.outcome(vertx.deployVerticle(verticle));
    return keys.status().getFirst().keys();
  }

  private static IdentityConfig patient(Issuer issuer) {
    IdentityConfig usual = Identity.config(issuer);
    return new IdentityConfig(
        usual.issuers(),
        usual.leeway(),
        usual.maxTokenBytes(),
        usual.cacheSize(),
        usual.refreshInterval(),
        usual.refreshFloor(),
        usual.unknownKeyTtl(),
        usual.maxStale(),
        Duration.ofSeconds(10),
        usual.dpop());
  }
}
