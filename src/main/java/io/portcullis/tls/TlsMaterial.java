package io.portcullis.tls;

import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * What a node serves and calls with: its key and certificate, and whom it trusts. Immutable;
 * everything in it has been checked (see {@link MaterialFiles}).
 *
 * @param keys the key and its chain
 * @param trust the roots
 * @param chain the leaf and its intermediates
 * @param identity whom the leaf names
 * @param content hash of the three files
 * @param trustContent hash of the roots' file
 */
public record TlsMaterial(
    X509ExtendedKeyManager keys,
    X509ExtendedTrustManager trust,
    List<X509Certificate> chain,
    PeerIdentity identity,
    String content,
    String trustContent) {

  /** The serial of the leaf. */
  public String serial() {
    return identity.serial();
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "TlsMaterial[" + identity.uri() + ", " + identity.serial() + "]";
  }
}
