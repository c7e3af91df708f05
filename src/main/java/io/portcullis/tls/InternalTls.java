package io.portcullis.tls;

import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.portcullis.tls.RefusedPeerException.Reason;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;

/**
 * How every hop between our own parts speaks TLS: version 1.3 by the JDK, handshakes bounded in
 * time, sessions hardly ever resumed, failures told with the peer's address.
 *
 * <p>A resumed session shows the certificate of an earlier handshake and asks no trust manager.
 * That is bounded to a second here, a swap of material forgets all sessions, and peers are checked
 * again on every connection ({@link PeerCheck}).
 */
final class InternalTls extends JdkSSLEngineOptions {
  static final Set<String> VERSIONS = Set.of("TLSv1.3");
  static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(5);

  private static final int RESUMABLE_SECONDS = 1;
  private static final String NO_CERTIFICATE = "Empty client certificate chain";

  private final HandshakeFailures failures;

  InternalTls(HandshakeFailures failures) {
    this.failures = failures;
  }

  @Override
  public InternalTls copy() {
    return this; // immutable
  }

  @Override
  public SslContextFactory sslContextFactory() {
    return new DefaultSslContextFactory(SslProvider.JDK, false) {
      @Override
      public SslContext create() throws SSLException {
        SslContext context = super.create();
        SSLSessionContext sessions = context.sessionContext();
        sessions.setSessionTimeout(RESUMABLE_SECONDS);
        sessions.setSessionCacheSize(1);
        return new Watched(context);
      }
    };
  }

  /** What a failed handshake says of the peer. */
  static Reason reason(Throwable failure) {
    @Nullable Throwable cause = failure;
    Reason reason = Reason.HANDSHAKE_FAILED;
    for (int depth = 0; cause != null && depth < 10; depth++, cause = cause.getCause()) {
      if (cause instanceof RefusedPeerException refused) {
        return refused.reason();
      }
      if (cause instanceof CertificateExpiredException
          || cause instanceof CertificateNotYetValidException) {
        return Reason.CERTIFICATE_EXPIRED;
      }
      String message = String.valueOf(cause.getMessage());
      if (message.contains(NO_CERTIFICATE)) {
        return Reason.CERTIFICATE_MISSING;
      }
      if (cause instanceof CertPathValidatorException
          || (cause instanceof GeneralSecurityException && message.contains("PKIX"))) {
        reason = Reason.CERTIFICATE_UNTRUSTED; // unless a deeper cause knows better
      }
    }
    return reason;
  }

  /** Told on the event loop of the connection. */
  @FunctionalInterface
  interface HandshakeFailures {
    void failed(String address, int port, Reason reason);
  }

  private final class Watched extends DelegatingSslContext {
    Watched(SslContext context) {
      super(context);
    }

    @Override
    protected void initEngine(SSLEngine engine) {
      // The versions are set by the options.
    }

    @Override
    protected void initHandler(SslHandler handler) {
      super.initHandler(handler);
      handler
          .handshakeFuture()
          .addListener(
              done -> {
                if (!done.isSuccess()) {
                  SSLEngine engine = handler.engine();
                  failures.failed(
                      String.valueOf(engine.getPeerHost()),
                      engine.getPeerPort(),
                      reason(done.cause()));
                }
              });
    }
  }
}
