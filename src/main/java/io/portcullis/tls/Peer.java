package io.portcullis.tls;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/**
 * The proved other side of a connection.
 *
 * @param identity who it is
 * @param chain what it showed, the leaf first
 * @param serials of the chain, as the deny list writes them
 * @param thumbprint {@code x5t#S256} of the leaf (RFC 8705, section 3.1)
 */
public record Peer(
    PeerIdentity identity, List<X509Certificate> chain, List<String> serials, String thumbprint) {

  static Peer of(PeerIdentity identity, List<X509Certificate> chain) {
    try {
      return new Peer(
          identity,
          chain,
          chain.stream().map(PeerIdentity::serial).toList(),
          thumbprint(chain.getFirst().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a proved certificate has an encoding", e);
    }
  }

  /** SHA-256 of a certificate's DER form, base64url without padding. */
  public static String thumbprint(byte[] der) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(der);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
