package io.portcullis.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trusts what a file of certificates vouches for, as the file is now. It is looked at during a
 * handshake, at most once a second, and read again when its time, size or identity has changed: a
 * few system calls on a local file, so that it may be done on an event loop. A file that cannot be
 * used is reported once, and what was read before goes on to hold.
 */
final class FileTrust extends ServerTrust {
  private static final Logger log = LoggerFactory.getLogger(FileTrust.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Path file;
  private final AtomicLong lookedAt = new AtomicLong(System.nanoTime());
  private volatile Held held;

  /** What was read, and how the file looked then. */
  private record Held(X509ExtendedTrustManager roots, Stamp stamp) {}

  /** Another one, another file. */
  private record Stamp(long modifiedNanos, long size, String identity) {
    static final Stamp NONE = new Stamp(0, 0, "");

    static Stamp of(Path file) throws IOException {
      var facts = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(
          facts.lastModifiedTime().to(TimeUnit.NANOSECONDS),
          facts.size(),
          String.valueOf(facts.fileKey()));
    }
  }

  /** Reads it for the first time; blocks. */
  FileTrust(Path file) {
    this.file = file;
    try {
      Stamp stamp = Stamp.of(file);
      this.held = new Held(read(file), stamp);
    } catch (IOException e) {
      throw new BadMaterialException(file, "cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  /** Whom the JVM trusts. */
  static TrustManager ofTheJvm() {
    try {
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init((KeyStore) null);
      return factory.getTrustManagers()[0];
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JVM's own certificates cannot be used", e);
    }
  }

  private static X509ExtendedTrustManager read(Path file) throws IOException {
    try {
      return MaterialCheck.trustOf(MaterialFiles.certificates(file));
    } catch (GeneralSecurityException e) {
      throw new BadMaterialException(file, "cannot be used (" + e.getMessage() + ")");
    }
  }

  /** Any thread; of several at once, one looks. */
  private X509ExtendedTrustManager roots() {
    Held before = held;
    long now = System.nanoTime();
    long last = lookedAt.get();
    if (now - last < LOOK_NANOS || !lookedAt.compareAndSet(last, now)) {
      return before.roots();
    }
    Stamp stamp = Stamp.NONE;
    try {
      stamp = Stamp.of(file);
      if (!stamp.equals(before.stamp())) {
        held = new Held(read(file), stamp);
        log.atInfo()
            .addKeyValue("event.action", "tls.trust")
            .addKeyValue("file.path", file)
            .log("whom clients trust was read again");
      }
    } catch (IOException | BadMaterialException e) {
      if (!stamp.equals(before.stamp())) {
        held = new Held(before.roots(), stamp);
        log.atWarn()
            .addKeyValue("event.action", "tls.trust")
            .addKeyValue("file.path", file)
            .addKeyValue("error.message", e.getMessage())
            .log("whom clients trust cannot be read; what was read before holds");
      }
    }
    return held.roots();
  }

  /** The roots compare the names themselves, and only when the connection asks for it. */
  private static void checkNamesAreCompared(SSLParameters parameters) throws CertificateException {
    String algorithm = parameters.getEndpointIdentificationAlgorithm();
    if (algorithm == null || algorithm.isEmpty()) {
      throw new CertificateException("nobody compares the name with the certificate's");
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    checkNamesAreCompared(engine.getSSLParameters());
    roots().checkServerTrusted(chain, authType, engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    if (!(socket instanceof SSLSocket tls)) {
      throw new CertificateException("not TLS");
    }
    checkNamesAreCompared(tls.getSSLParameters());
    roots().checkServerTrusted(chain, authType, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("without the connection names cannot be compared");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return held.roots().getAcceptedIssuers();
  }
}
