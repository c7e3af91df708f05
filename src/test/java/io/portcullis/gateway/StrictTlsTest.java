package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.Await;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The strict decoder is in place before the first byte is decoded where the listener demands a
 * client certificate, even when the first request comes in the packet that ends the handshake.
 */
final class StrictTlsTest {
  private static final char[] NONE = new char[0];
  private static final int ROUNDS = 20;

  private final List<String> refused = new CopyOnWriteArrayList<>();
  private Vertx vertx;
  private SSLContext context;
  private int port;

  @BeforeEach
  void start() throws Exception {
    KeyStore store = identity();
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, NONE);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    HttpServerOptions options =
        new HttpServerOptions()
            .setSsl(true)
            .setUseAlpn(false)
            .setClientAuth(ClientAuth.REQUIRED)
            .setKeyCertOptions(
                KeyCertOptions.wrap((javax.net.ssl.X509KeyManager) keys.getKeyManagers()[0]))
            .setTrustOptions(TrustOptions.wrap(trust.getTrustManagers()[0]));
    StrictHttp strict = new StrictHttp(options, refusal -> refused.add(refusal.reason()));
    vertx = Vertx.vertx();
    HttpServer server =
        vertx
            .createHttpServer(options)
            .requestHandler(request -> request.response().end("served"))
            .invalidRequestHandler(request -> request.response().setStatusCode(400).end("refused"))
            .connectionHandler(connection -> strict.install(connection, partial -> {}));
    port = Await.value(server.listen(0, "127.0.0.1")).actualPort();
  }

  @AfterEach
  void stop() {
    Await.value(vertx.close());
  }

  @Test
  void listener_requestInTheLastPacketOfTheHandshake_isReadStrictly() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      assertTrue(ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n").endsWith("served"), "round " + i);
      String answer = ask("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
      assertTrue(answer.endsWith("refused"), "round " + i + ": " + answer);
      assertEquals(i + 1, refused.size());
    }
    assertEquals("host-repeated", refused.getFirst());
  }

  /** One write carries the client's certificate, the end of the handshake and the request. */
  private String ask(String request) throws IOException {
    SSLEngine engine = context.createSSLEngine("localhost", port);
    engine.setUseClientMode(true);
    engine.setEnabledProtocols(new String[] {"TLSv1.3"});
    ByteBuffer in = ByteBuffer.allocate(64 * 1024);
    ByteBuffer out = ByteBuffer.allocate(64 * 1024);
    ByteBuffer plain = ByteBuffer.allocate(64 * 1024);
    try (SocketChannel socket =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      engine.beginHandshake();
      while (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
        switch (engine.getHandshakeStatus()) {
          case NEED_TASK -> engine.getDelegatedTask().run();
          case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
          default -> {
            send(socket, out);
            receive(socket, engine, in, plain);
          }
        }
      }
      engine.wrap(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)), out);
      assertTrue(out.position() > 0);
      send(socket, out);
      String answer = "";
      while (!answer.endsWith("served") && !answer.endsWith("refused")) {
        receive(socket, engine, in, plain);
        answer = new String(plain.array(), 0, plain.position(), StandardCharsets.US_ASCII);
      }
      return answer;
    }
  }

  private static void send(SocketChannel socket, ByteBuffer out) throws IOException {
    out.flip();
    while (out.hasRemaining()) {
      socket.write(out);
    }
    out.clear();
  }

  private static void receive(
      SocketChannel socket, SSLEngine engine, ByteBuffer in, ByteBuffer plain) throws IOException {
    in.flip();
    int before = in.remaining();
    engine.unwrap(in, plain);
    boolean stuck = in.remaining() == before;
    in.compact();
    if (stuck && engine.getHandshakeStatus() != HandshakeStatus.NEED_TASK && socket.read(in) < 0) {
      throw new IOException("closed");
    }
  }

  private static KeyStore identity()
      throws GeneralSecurityException, IOException, OperatorCreationException {
    KeyPair pair = KeyPairGenerator.getInstance("EC").generateKeyPair();
    X500Principal name = new X500Principal("CN=localhost");
    Instant now = Instant.now();
    X509Certificate certificate =
        new JcaX509CertificateConverter()
            .getCertificate(
                new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.ONE,
                        Date.from(now.minusSeconds(60)),
                        Date.from(now.plusSeconds(3600)),
                        name,
                        pair.getPublic())
                    .build(
                        new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NONE);
    store.setKeyEntry("key", pair.getPrivate(), NONE, new X509Certificate[] {certificate});
    store.setCertificateEntry("trusted", certificate);
    return store;
  }
}
