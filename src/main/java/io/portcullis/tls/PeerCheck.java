package io.portcullis.tls;

import io.portcullis.tls.RefusedPeerException.Reason;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Whether the other side of a connection may be there: asked when it opens, because a resumed
 * session asked nobody, and again whenever {@link Certificates#version} has changed or a second has
 * passed. Confined to one event loop.
 */
public final class PeerCheck {
  private static final int REMEMBERED = 1_000;

  private final Certificates certificates;
  private final Set<String> roles;
  private final Clock clock;

  /** Leaves whose chain was found to lead to the roots whose hash stands beside. */
  private final Map<X509Certificate, String> trusted =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<X509Certificate, String> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * A check.
   *
   * @param roles who may be there
   */
  public PeerCheck(Certificates certificates, Set<String> roles, Clock clock) {
    this.certificates = certificates;
    this.roles = Set.copyOf(roles);
    this.clock = clock;
  }

  /** The chain that the other side of an open connection has proved. */
  public static List<X509Certificate> chain(@Nullable SSLSession session)
      throws RefusedPeerException {
    List<X509Certificate> chain = new ArrayList<>();
    try {
      if (session != null) {
        for (Certificate certificate : session.getPeerCertificates()) {
          chain.add((X509Certificate) certificate);
        }
      }
    } catch (SSLPeerUnverifiedException none) {
      chain.clear();
    }
    if (chain.isEmpty()) {
      throw new RefusedPeerException(Reason.CERTIFICATE_MISSING, "it shows no certificate");
    }
    return List.copyOf(chain);
  }

  /** Who a client is that may be here now. */
  public Peer client(List<X509Certificate> chain) throws RefusedPeerException {
    trust(chain, true);
    return Peer.of(identify(chain), chain);
  }

  /** Who a server is that may be here now. */
  public Peer server(List<X509Certificate> chain) throws RefusedPeerException {
    trust(chain, false);
    return Peer.of(identify(chain), chain);
  }

  /** Whether a client that was proved before may still be here. Cheap: it is asked each second. */
  public void clientAgain(Peer peer) throws RefusedPeerException {
    again(peer);
    trust(peer.chain(), true);
  }

  /** Whether a server that was proved before may still be here. */
  public void serverAgain(Peer peer) throws RefusedPeerException {
    again(peer);
    trust(peer.chain(), false);
  }

  private void again(Peer peer) throws RefusedPeerException {
    if (!clock.instant().isBefore(peer.identity().notAfter())) {
      throw new RefusedPeerException(Reason.CERTIFICATE_EXPIRED, "its time is over");
    }
    if (certificates.denied().denies(peer)) {
      throw new RefusedPeerException(Reason.CERTIFICATE_DENIED, "it was revoked");
    }
  }

  /** Everything but the way to a root. */
  PeerIdentity identify(List<X509Certificate> chain) throws RefusedPeerException {
    PeerIdentity identity = PeerIdentity.of(chain.getFirst());
    Instant now = clock.instant();
    if (now.isBefore(identity.notBefore()) || !now.isBefore(identity.notAfter())) {
      throw new RefusedPeerException(Reason.CERTIFICATE_EXPIRED, "its time is over");
    }
    if (!identity.environment().equals(certificates.environment())) {
      throw new RefusedPeerException(
          Reason.ENVIRONMENT_WRONG, "it belongs to " + identity.environment());
    }
    if (!roles.contains(identity.role())) {
      throw new RefusedPeerException(Reason.ROLE_WRONG, "it is a " + identity.role());
    }
    if (certificates.denied().denies(chain)) {
      throw new RefusedPeerException(Reason.CERTIFICATE_DENIED, "it was revoked");
    }
    return identity;
  }

  private void trust(List<X509Certificate> chain, boolean client) throws RefusedPeerException {
    TlsMaterial material = certificates.material();
    X509Certificate leaf = chain.getFirst();
    if (material.trustContent().equals(trusted.get(leaf))) {
      return;
    }
    X509Certificate[] array = chain.toArray(X509Certificate[]::new);
    try {
      if (client) {
        material.trust().checkClientTrusted(array, "UNKNOWN");
      } else {
        material.trust().checkServerTrusted(array, "UNKNOWN");
      }
    } catch (CertificateException untrusted) {
      throw new RefusedPeerException(
          InternalTls.reason(untrusted), "it leads to none of our roots");
    }
    trusted.put(leaf, material.trustContent());
  }
}
