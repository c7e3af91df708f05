package io.portcullis.gateway;

import io.portcullis.model.Caller;
import io.portcullis.model.Credential;
import io.portcullis.tls.Peer;
import io.portcullis.tls.PeerIdentity;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The caller that a service is: vouched for by our own authority, without a tenant. */
final class Services {
  private Services() {}

  static Caller caller(Peer peer, Door door) {
    PeerIdentity identity = peer.identity();
    return new Caller(
        PeerIdentity.TRUST_DOMAIN,
        identity.uri(),
        identity.role(),
        identity.role(),
        List.of(),
        Optional.empty(),
        door.clients().getOrDefault(identity.role(), Set.of()),
        Set.of(),
        Credential.of(identity.serial(), identity.notBefore(), identity.notAfter()));
  }
}
