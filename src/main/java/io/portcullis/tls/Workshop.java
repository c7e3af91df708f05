package io.portcullis.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Makes authorities and identities on disk. Each method takes the state and returns the next one;
 * all are called under the lock. A key lies on disk before the state names it, and the state names
 * it before anything points to it, so a crash leaves at most a folder that nobody knows.
 */
record Workshop(CaDirectory directory, Keyring keys, InstantSource clock) {
  private static final SecureRandom RANDOM = new SecureRandom();

  Instant now() {
    return clock.instant();
  }

  /** A root that was just made, with its key, which is needed again at once. */
  record NewRoot(CaState state, Authority root, PrivateKey key) {}

  /** A root with an empty list, and nothing under it. */
  NewRoot newRoot(CaState state, Authority.Phase phase, char[] passphrase) throws IOException {
    int number = state.nextNumber(true);
    KeyPair pair = KeyFile.generate();
    Signer.Span span = Terms.span(now(), Terms.ROOT);
    String certificate = Signer.root(state.environment(), number, pair, span);
    store(true, number, pair.getPrivate(), certificate, passphrase);
    CaState next =
        listed(
            state, fresh(true, number, number, phase, certificate, now()), pair.getPrivate(), now());
    return new NewRoot(next, next.authority(true, number), pair.getPrivate());
  }

  /** An intermediate under a root, whose list is renewed too. */
  CaState newIntermediate(
      CaState state, Authority root, PrivateKey rootKey, Authority.Phase phase, Instant usableFrom)
      throws IOException {
    int number = state.nextNumber(false);
    KeyPair pair = KeyFile.generate();
    Instant end = root.x509().getNotAfter().toInstant();
    Signer.Span span = capped(Terms.span(now(), Terms.INTERMEDIATE), end);
    Signer.Issuer issuer = Signer.Issuer.of(root.x509(), rootKey);
    String certificate =
        Signer.intermediate(state.environment(), number, pair.getPublic(), span, issuer);
    store(false, number, pair.getPrivate(), certificate, keys.passphrase());
    Authority made = fresh(false, number, root.number(), phase, certificate, usableFrom);
    return listed(listed(state, made, pair.getPrivate(), now()), root, rootKey, now());
  }

  /** The key of a root, which may have to be brought back for this. */
  PrivateKey rootKey(Authority root, char[] passphrase) throws IOException {
    return KeyFile.read(directory.key(root), passphrase, root.x509());
  }

  /** A new identity, which replaces the current one of its role. */
  CaState issue(CaState state, IdentityRequest request) throws IOException {
    Authority ca = state.issuing(now());
    Signer.Issuer issuer = keys.issuer(ca);
    Signer.Span span =
        capped(Terms.span(now(), request.life()), ca.x509().getNotAfter().toInstant());
    Duration life = Duration.between(span.from().plus(Terms.SKEW), span.until());
    if (life.compareTo(IdentityRequest.SHORTEST_LIFE) < 0) {
      throw new CaException(
          ca.label() + " is at its end; make a new one: certs rotate --intermediate");
    }
    KeyPair pair = KeyFile.generate();
    BigInteger serial = Signer.serial();
    IssuedCertificate made =
        new IssuedCertificate(
            serial.toString(16),
            request.role(),
            "spiffe://" + Signer.TRUST_DOMAIN + "/" + state.environment() + "/" + request.role(),
            request.names(),
            request.ips(),
            request.life(),
            span.from(),
            span.until(),
            Terms.due(now(), life, RANDOM.nextDouble()),
            IssuedCertificate.Status.CURRENT,
            ca.number(),
            Optional.empty());
    String leaf =
        Signer.leaf(
            serial,
            new Signer.LeafNames(
                made.role(), state.environment(), made.uri(), made.dns(), made.ips()),
            pair.getPublic(),
            span,
            issuer,
            state.crlUrl(),
            state.ocspUrl());
    IdentityFiles files = new IdentityFiles(directory);
    files.write(made.role(), made.serial(), leaf + ca.certificate(), pair.getPrivate());
    CaState next = state.issued(made).pruned(now());
    directory.state().write(next);
    files.activate(made.role(), made.serial());
    return next;
  }

  /** Keeps the state, then tells the others, then keeps that they are told. */
  CaState publish(CaState state) throws IOException {
    directory.state().write(state);
    return settle(state, state);
  }

  /** Ends a rotation: forgets what is over, renews lists, and keeps it if it is something new. */
  CaState settle(CaState kept, CaState state) throws IOException {
    CaState next =
        new Publication(directory, keys).publish(withoutIdle(state).pruned(now()), now());
    if (!next.equals(kept)) {
      directory.state().write(next);
    }
    removeKeysOfRetired(next);
    return next;
  }

  /** An intermediate that issues no more is done when the last of its identities has expired. */
  private CaState withoutIdle(CaState state) {
    Optional<Authority> issuing = CaState.issuing(state.authorities(), now());
    CaState next = state;
    for (Authority ca : state.intermediates()) {
      boolean idle =
          issuing.filter(one -> one.number() != ca.number()).isPresent()
              && !ca.usableFrom().isAfter(now())
              && state.certificates().stream()
                  .noneMatch(one -> one.issuer() == ca.number() && !one.expired(now()));
      if (ca.phase() == Authority.Phase.ACTIVE && idle) {
        next = next.with(ca.with(Authority.Phase.RETIRED));
      }
    }
    return next;
  }

  /** A key that signs nothing any more can only be stolen. */
  void removeKeysOfRetired(CaState state) throws IOException {
    for (Authority one : state.authorities()) {
      if (!one.published()) {
        Files.deleteIfExists(directory.key(one));
      }
    }
  }

  /** What a crash left of an authority that was being made. */
  void removeUnknownAuthorities(CaState state) throws IOException {
    for (boolean root : new boolean[] {true, false}) {
      Path next = directory.folder(root, state.nextNumber(root));
      PrivateFiles.delete(next);
    }
  }

  private static CaState listed(CaState state, Authority authority, PrivateKey key, Instant now) {
    Signer.Issuer issuer = Signer.Issuer.of(authority.x509(), key);
    CaState with = state.with(authority);
    return with.with(authority.with(Publication.list(with, authority, issuer, now)));
  }

  private void store(
      boolean root, int number, PrivateKey key, String certificate, char[] passphrase)
      throws IOException {
    var folder = directory.folder(root, number);
    PrivateFiles.folder(PrivateFiles.folderOf(folder));
    PrivateFiles.delete(folder);
    PrivateFiles.folder(folder);
    KeyFile.write(directory.key(root, number), key, passphrase);
    PrivateFiles.write(directory.certificate(root, number), certificate);
    PrivateFiles.sync(PrivateFiles.folderOf(folder));
  }

  private static Authority fresh(
      boolean root,
      int number,
      int parent,
      Authority.Phase phase,
      String certificate,
      Instant usableFrom) {
    return new Authority(
        root,
        number,
        parent,
        phase,
        certificate,
        usableFrom,
        Optional.empty(),
        new Authority.RevocationList(0, Instant.EPOCH, ""));
  }

  private static Signer.Span capped(Signer.Span span, Instant end) {
    return span.until().isAfter(end) ? new Signer.Span(span.from(), end) : span;
  }
}
