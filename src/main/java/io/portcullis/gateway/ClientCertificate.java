package io.portcullis.gateway;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.tls.Certificates;
import io.portcullis.tls.Peer;
import io.vertx.core.MultiMap;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The certificate that a caller showed to the proxy, as {@code Client-Cert} carries it (RFC 9440,
 * section 2.2: the DER form as a byte sequence of structured fields). The proxy has checked it in a
 * handshake, which may be a while ago: a resumed TLS session asks nobody. So beyond being one
 * certificate, whole, once, it must still be in its time and not on the deny list.
 */
final class ClientCertificate {
  static final String HEADER = "client-cert";

  private static final int MAX_DER_BYTES = 8 * 1024;
  private static final int MAX_LENGTH = MAX_DER_BYTES / 3 * 4 + 8;

  private ClientCertificate() {}

  /**
   * Its thumbprint, if there is one; throws the {@link Rejection} for one that is malformed, over
   * or revoked.
   */
  static Optional<String> thumbprint(MultiMap headers, Certificates certificates, Instant now) {
    if (!headers.contains(HEADER)) {
      return Optional.empty();
    }
    List<String> values = headers.getAll(HEADER);
    if (values.size() != 1) {
      throw malformed("is repeated");
    }
    byte[] der = der(values.getFirst());
    try {
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(der));
      if (!Arrays.equals(certificate.getEncoded(), der)) {
        throw malformed("is not one certificate");
      }
      checkStillGood(certificate, certificates, now);
    } catch (CertificateException e) {
      throw malformed("is not a certificate");
    }
    return Optional.of(Peer.thumbprint(der));
  }

  private static void checkStillGood(
      X509Certificate certificate, Certificates certificates, Instant now) {
    if (certificates.denies(certificate)) {
      throw refused("client-cert-denied", "The client certificate was revoked.");
    }
    if (now.isBefore(certificate.getNotBefore().toInstant())
        || now.isAfter(certificate.getNotAfter().toInstant())) {
      throw refused("client-cert-expired", "The time of the client certificate is over.");
    }
  }

  private static byte[] der(String value) {
    if (value.length() > MAX_LENGTH
        || value.length() < 3
        || value.charAt(0) != ':'
        || value.charAt(value.length() - 1) != ':') {
      throw malformed("is not a byte sequence");
    }
    String base64 = value.substring(1, value.length() - 1);
    try {
      byte[] der = Base64.getDecoder().decode(base64);
      // One text for one certificate: the decoder would also take it without padding.
      if (!Base64.getEncoder().encodeToString(der).equals(base64)) {
        throw malformed("is not a byte sequence");
      }
      return der;
    } catch (IllegalArgumentException e) {
      throw malformed("is not a byte sequence");
    }
  }

  private static Rejection malformed(String what) {
    return refused("client-cert-malformed", "The header Client-Cert " + what + ".");
  }

  private static Rejection refused(String reason, String detail) {
    return Rejection.of(Problem.INVALID_REQUEST, reason, detail);
  }
}
