package io.portcullis.tls;

import io.portcullis.config.TlsConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The files that a node's {@link TlsMaterial} comes from. Reading blocks: never on an event loop.
 */
final class MaterialFiles {
  private static final int MAX_BYTES = 256 * 1024;

  private final TlsConfig config;
  private final String environment;

  MaterialFiles(TlsConfig config, String environment) {
    this.config = config;
    this.environment = environment;
  }

  /** What the files hold; throws {@link BadMaterialException} when one cannot be read. */
  Content read() {
    Content before = readOnce();
    // A folder may be swapped between two files: what was read twice alike belongs together.
    for (int i = 0; i < 3; i++) {
      Content after = readOnce();
      if (after.hash().equals(before.hash())) {
        break;
      }
      before = after;
    }
    return before;
  }

  /** The material, checked in everything but a handshake. */
  TlsMaterial load(Content content, DenyList denied, Instant now) {
    Path certificateFile = config.certificate().orElseThrow();
    List<X509Certificate> chain = certificates(certificateFile, content.certificate);
    List<X509Certificate> roots = certificates(trustFile(), content.trust);
    MaterialCheck check = new MaterialCheck(certificateFile, keyFile(), trustFile());
    PeerIdentity identity = check.identity(chain, environment, config.role(), now, denied);
    byte[] key = PemBlocks.read(keyFile(), content.key, "PRIVATE KEY").getFirst();
    try {
      return new TlsMaterial(
          check.keys(chain, key),
          check.trust(chain, roots),
          List.copyOf(chain),
          identity,
          content.hash(),
          hash(content.trust));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** The deny list's bytes; empty when none is configured. */
  Optional<byte[]> readDenied() {
    return config.denied().map(file -> bytes(file, DenyList.MAX_BYTES));
  }

  DenyList parseDenied(byte[] content) {
    return DenyList.parse(config.denied().orElseThrow(), content);
  }

  private Content readOnce() {
    return new Content(
        bytes(config.certificate().orElseThrow(), MAX_BYTES),
        bytes(keyFile(), MAX_BYTES),
        bytes(trustFile(), MAX_BYTES));
  }

  private Path keyFile() {
    return config.key().orElseThrow();
  }

  private Path trustFile() {
    return config.trust().orElseThrow();
  }

  private static byte[] bytes(Path file, int limit) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(limit + 1);
      if (content.length > limit) {
        throw new BadMaterialException(file, "is larger than " + limit + " bytes");
      }
      return content;
    } catch (IOException e) {
      throw new BadMaterialException(file, "cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  /** The certificates in a file; blocks. */
  static List<X509Certificate> certificates(Path file) {
    return certificates(file, bytes(file, MAX_BYTES));
  }

  private static List<X509Certificate> certificates(Path file, byte[] content) {
    List<X509Certificate> certificates = new ArrayList<>();
    for (byte[] der : PemBlocks.read(file, content, "CERTIFICATE")) {
      try {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        certificates.add(
            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
      } catch (CertificateException e) {
        throw new BadMaterialException(file, "has a block that is not a certificate");
      }
    }
    return certificates;
  }

  static String hash(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update((part.length + ":").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        digest.update(part);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The bytes of the three files, as they were at one moment. */
  static final class Content {
    private final byte[] certificate;
    private final byte[] key;
    private final byte[] trust;

    Content(byte[] certificate, byte[] key, byte[] trust) {
      this.certificate = certificate;
      this.key = key;
      this.trust = trust;
    }

    /** Tells apart what differs in a byte. */
    String hash() {
      return MaterialFiles.hash(certificate, key, trust);
    }
  }
}
