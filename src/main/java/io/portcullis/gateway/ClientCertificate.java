package io.portcullis.gateway;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.tls.Peer;
import io.vertx.core.MultiMap;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The certificate that a caller showed to the proxy, as {@code Client-Cert} carries it (RFC 9440,
 * section 2.2: the DER form as a byte sequence of structured fields). The proxy has checked it;
 * here it must only be one certificate, whole, once.
 */
final class ClientCertificate {
  static final String HEADER = "client-cert";

  private static final int MAX_DER_BYTES = 8 * 1024;
  private static final int MAX_LENGTH = MAX_DER_BYTES / 3 * 4 + 8;

  private ClientCertificate() {}

  /** Its thumbprint, if there is one; throws the {@link Rejection} for one that is malformed. */
  static Optional<String> thumbprint(MultiMap headers) {
    if (!headers.contains(HEADER)) {
      return Optional.empty();
    }
    List<String> values = headers.getAll(HEADER);
    if (values.size() != 1) {
      throw malformed("is repeated");
    }
    byte[] der = der(values.getFirst());
    try {
      byte[] parsed =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der))
              .getEncoded();
      if (!Arrays.equals(parsed, der)) {
        throw malformed("is not one certificate");
      }
    } catch (CertificateException e) {
      throw malformed("is not a certificate");
    }
    return Optional.of(Peer.thumbprint(der));
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
    return Rejection.of(
        Problem.INVALID_REQUEST, "client-cert-malformed", "The header Client-Cert " + what + ".");
  }
}
