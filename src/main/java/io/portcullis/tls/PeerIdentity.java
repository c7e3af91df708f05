package io.portcullis.tls;

import io.portcullis.tls.RefusedPeerException.Reason;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who a certificate names: the one SPIFFE name in its subject alternative names (SPIFFE X509-SVID,
 * section 2: exactly one URI), and the certificate's own dates.
 *
 * @param environment the {@code <env>} of {@code spiffe://portcullis/<env>/<role>}
 * @param role the role
 * @param serial lower-case hexadecimal, no leading zeros
 * @param notBefore valid from
 * @param notAfter valid until
 */
public record PeerIdentity(
    String environment, String role, String serial, Instant notBefore, Instant notAfter) {
  /** The trust domain of every identity here. */
  public static final String TRUST_DOMAIN = "spiffe://portcullis";

  private static final int URI_NAME = 6;
  private static final Pattern NAME =
      Pattern.compile("spiffe://portcullis/([a-z][a-z0-9-]{0,30})/([a-z][a-z0-9-]{0,31})");

  /** Reads it; refuses a certificate without exactly one name of ours. */
  public static PeerIdentity of(X509Certificate leaf) throws RefusedPeerException {
    Matcher name = NAME.matcher(onlyUri(leaf));
    if (!name.matches()) {
      throw new RefusedPeerException(Reason.NAME_WRONG, "its URI is not a SPIFFE name of ours");
    }
    return new PeerIdentity(
        name.group(1),
        name.group(2),
        serial(leaf),
        leaf.getNotBefore().toInstant(),
        leaf.getNotAfter().toInstant());
  }

  /** The whole name. */
  public String uri() {
    return TRUST_DOMAIN + "/" + environment + "/" + role;
  }

  static String serial(X509Certificate certificate) {
    return certificate.getSerialNumber().toString(16).toLowerCase(Locale.ROOT);
  }

  private static String onlyUri(X509Certificate leaf) throws RefusedPeerException {
    String uri = "";
    int uris = 0;
    @Nullable Collection<List<?>> names;
    try {
      names = leaf.getSubjectAlternativeNames();
    } catch (CertificateParsingException malformed) {
      throw new RefusedPeerException(Reason.NAME_WRONG, "its alternative names are malformed");
    }
    for (List<?> name : names == null ? List.<List<?>>of() : names) {
      if (name.getFirst() instanceof Integer type && type == URI_NAME) {
        uri = String.valueOf(name.get(1));
        uris++;
      }
    }
    if (uris != 1) {
      throw new RefusedPeerException(Reason.NAME_WRONG, "it has " + uris + " URIs instead of one");
    }
    return uri;
  }
}
