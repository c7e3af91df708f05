package io.portcullis.tls;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * Replaces the root in three steps, each of which everybody must have seen before the next:
 *
 * <ol>
 *   <li><b>introduce</b>: the new root is trusted, and the list of its intermediate is published;
 *       everything still comes from the old one.
 *   <li><b>activate</b>: every identity is issued again, from the new one; both are trusted.
 *   <li><b>retire</b>: the old one is trusted no more, and its keys are removed. Refused while an
 *       identity that has not expired still chains to it.
 * </ol>
 *
 * <p>Activating marks every identity as due in the same write that makes the new root active, so
 * after a crash in between the next rotation completes it.
 */
record RootRotation(Workshop workshop) {

  CaState introduce(CaState state, char[] rootPassphrase) throws IOException {
    for (Authority.Phase open : List.of(Authority.Phase.INTRODUCED, Authority.Phase.RETIRING)) {
      if (state.root(open).isPresent()) {
        throw new CaException(
            state.root(open).get().label()
                + (open == Authority.Phase.INTRODUCED
                    ? " is introduced already; next: certs rotate --root activate"
                    : " is not retired yet; first: certs rotate --root retire"));
      }
    }
    var made = workshop.newRoot(state, Authority.Phase.INTRODUCED, rootPassphrase);
    CaState next =
        workshop.newIntermediate(
            made.state(), made.root(), made.key(), Authority.Phase.INTRODUCED, workshop.now());
    return workshop.publish(next.published(false));
  }

  /** The state in which everything is due; the caller rotates. */
  CaState activate(CaState state) throws IOException {
    Authority introduced =
        state
            .root(Authority.Phase.INTRODUCED)
            .orElseThrow(
                () ->
                    new CaException(
                        "no root is introduced; first: certs rotate --root introduce"));
    Instant now = workshop.now();
    CaState next = state;
    for (Authority root : state.roots()) {
      if (root.phase() == Authority.Phase.ACTIVE) {
        next = next.with(root.with(Authority.Phase.RETIRING));
      }
    }
    for (Authority ca : state.intermediates()) {
      if (ca.parent() == introduced.number()) {
        next = next.with(ca.with(Authority.Phase.ACTIVE).usable(now));
      }
    }
    next = next.with(introduced.with(Authority.Phase.ACTIVE));
    return workshop.publish(
        next.certificates(
            one ->
                one.status() == IssuedCertificate.Status.CURRENT ? one.dueAt(now) : one));
  }

  CaState retire(CaState state, boolean force) throws IOException {
    Authority old =
        state
            .root(Authority.Phase.RETIRING)
            .orElseThrow(
                () ->
                    new CaException(
                        "no root waits to be retired; first: certs rotate --root activate"));
    Instant now = workshop.now();
    List<IssuedCertificate> left =
        state.certificates().stream()
            .filter(one -> state.authority(false, one.issuer()).parent() == old.number())
            .filter(one -> one.status() != IssuedCertificate.Status.REVOKED && !one.expired(now))
            .toList();
    if (!left.isEmpty() && !force) {
      IssuedCertificate last =
          left.stream()
              .reduce((a, b) -> a.notAfter().isAfter(b.notAfter()) ? a : b)
              .orElseThrow();
      throw new CaException(
          left.size()
              + " identities that have not expired still chain to "
              + old.label()
              + ", the last ("
              + last.role()
              + ") until "
              + last.notAfter()
              + "; wait, or force it");
    }
    CaState next = state;
    for (Authority one : state.authorities()) {
      if (one.parent() == old.number() && one.published()) {
        next = next.with(one.with(Authority.Phase.RETIRED));
      }
    }
    return workshop.publish(next);
  }
}
