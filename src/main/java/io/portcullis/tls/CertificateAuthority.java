package io.portcullis.tls;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The internal certificate authority, on disk: a root kept apart, an online intermediate, short
 * identities, lists of what is revoked.
 *
 * <p>Every change takes the lock of the directory, reads the state anew, writes keys before state
 * and state before what others read. All methods block on disk and arithmetic and may wait for the
 * lock for up to 30 s: never on an event loop. Safe for several threads and several processes.
 *
 * <p>Every method throws {@link CaException} when it cannot or will not; then nothing has changed
 * that others can see.
 */
public final class CertificateAuthority implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final CaDirectory directory;
  private final InstantSource clock;
  private final Keyring keys;
  private final Workshop workshop;

  private CertificateAuthority(CaDirectory directory, Keyring keys, InstantSource clock) {
    this.directory = directory;
    this.keys = keys;
    this.clock = clock;
    this.workshop = new Workshop(directory, keys, clock);
  }

  /** What a rotation did. */
  public record Rotated(List<IssuedCertificate> issued, boolean tickets) {}

  /** What a revocation did. */
  public record Revoked(List<IssuedCertificate> revoked, Optional<IssuedCertificate> successor) {}

  /** Makes a new authority in a directory that is empty or not there yet, and opens it. */
  public static CertificateAuthority init(
      CaSettings settings, Passphrases passphrases, InstantSource clock) {
    try {
      new Founding(settings, clock).found(passphrases);
    } catch (IOException e) {
      throw failed(CaDirectory.of(settings.directory()), e);
    }
    return open(settings.directory(), passphrases.ca(), clock);
  }

  /**
   * Opens the authority of a directory, and mends what a crash left.
   *
   * @param caPassphrase the intermediate's; copied
   */
  public static CertificateAuthority open(
      Path directory, char[] caPassphrase, InstantSource clock) {
    CaDirectory place = CaDirectory.of(directory);
    Keyring keys = new Keyring(place, caPassphrase);
    var authority = new CertificateAuthority(place, keys, clock);
    boolean opened = false;
    try {
      authority.change(
          state -> {
            keys.issuer(newest(state));
            authority.heal(state);
            return state;
          });
      opened = true;
      return authority;
    } finally {
      if (!opened) {
        authority.close();
      }
    }
  }

  /** Issues an identity; it becomes the current one of its role. */
  public IssuedCertificate issue(IdentityRequest request) {
    return current(change(state -> workshop.issue(state, request)), request.role());
  }

  /** Issues every identity that is due, again; renews ticket keys and lists when it is time. */
  public Rotated rotateDue() {
    Instant now = clock.instant();
    return rotate(one -> !one.due().isAfter(now), false);
  }

  /** Issues every identity again, and renews the ticket keys. */
  public Rotated rotateAll() {
    return rotate(one -> true, true);
  }

  /** Issues one identity again, as it was asked for. */
  public IssuedCertificate rotate(String role) {
    return rotate(List.of(role)).getFirst();
  }

  /** Issues these identities again; none of them when one has nothing to follow. */
  public List<IssuedCertificate> rotate(List<String> roles) {
    roles.forEach(IdentityRequest::checkRole);
    CaState after =
        change(
            state -> {
              roles.forEach(role -> current(state, role));
              CaState next = state;
              for (String role : roles) {
                next = workshop.issue(next, current(next, role).again());
              }
              return next;
            });
    return roles.stream().distinct().map(role -> current(after, role)).toList();
  }

  /** Revokes one certificate by serial, or all unexpired ones of a role. */
  public Revoked revoke(String serialOrRole, RevocationReason reason) {
    return revoke(serialOrRole, reason, false);
  }

  /**
   * Revokes one certificate by serial, or all unexpired ones of a role.
   *
   * @param reissue whether a role that loses its current identity gets a new one, which is out
   *     before the old one is revoked
   */
  public Revoked revoke(String serialOrRole, RevocationReason reason, boolean reissue) {
    List<IssuedCertificate> revoked = new ArrayList<>();
    List<IssuedCertificate> successors = new ArrayList<>();
    change(
        state -> {
          Instant now = clock.instant();
          List<IssuedCertificate> doomed = state.revocable(serialOrRole, now);
          CaState next = state;
          Optional<IssuedCertificate> current =
              doomed.stream()
                  .filter(one -> one.status() == IssuedCertificate.Status.CURRENT)
                  .findFirst();
          if (reissue && current.isPresent()) {
            next = workshop.issue(next, current.get().again());
            next.current(current.get().role()).ifPresent(successors::add);
          }
          List<String> serials = doomed.stream().map(IssuedCertificate::serial).toList();
          next =
              next.certificates(
                  one -> serials.contains(one.serial()) ? one.revoked(now, reason) : one);
          next.certificates().stream()
              .filter(one -> serials.contains(one.serial()))
              .forEach(revoked::add);
          return workshop.publish(next.published(false));
        });
    return new Revoked(List.copyOf(revoked), successors.stream().findFirst());
  }

  /**
   * Revokes an intermediate whose key somebody else may have: it goes on its root's list and, with
   * all that it issued, on the deny list; the identities in use are first issued again by another
   * one, which must be there and settled.
   */
  public Revoked revokeIntermediate(int number, char[] rootPassphrase) {
    Instant now = clock.instant();
    CaState after =
        change(
            state -> {
              Authority ca = state.authority(false, number);
              if (ca.revoked().isPresent() || !ca.published()) {
                throw new CaException(ca.label() + " is revoked or retired already");
              }
              return workshop.revoke(state, ca, rootPassphrase);
            });
    return new Revoked(
        after.certificates().stream()
            .filter(one -> one.issuer() == number && !one.expired(now))
            .toList(),
        Optional.empty());
  }

  /** All that is not forgotten yet. */
  public CaInventory list() {
    return CaInventory.read(directory.path(), clock);
  }

  /**
   * Makes a new intermediate under the root in use. It issues after the settings' time to settle,
   * when its list has reached everybody; what the old one signed stays valid.
   */
  public Authority rotateIntermediate(char[] rootPassphrase) {
    CaState after =
        change(
            state -> {
              Authority root = state.root(Authority.Phase.ACTIVE).orElseThrow();
              CaState next =
                  workshop.newIntermediate(
                      state,
                      root,
                      workshop.rootKey(root, rootPassphrase),
                      Authority.Phase.ACTIVE,
                      clock.instant().plus(state.settle()));
              return workshop.publish(next.published(false));
            });
    return newest(after);
  }

  /** Makes a new root that is trusted from now on and issues nothing yet. */
  public Authority introduceRoot(char[] rootPassphrase) {
    return change(state -> new RootRotation(workshop).introduce(state, rootPassphrase))
        .root(Authority.Phase.INTRODUCED)
        .orElseThrow();
  }

  /** Issues everything from the introduced root; the old one stays trusted. */
  public Rotated activateRoot() {
    change(state -> new RootRotation(workshop).activate(state));
    return rotateDue();
  }

  /**
   * Trusts the old root no more.
   *
   * @param force even while identities still chain to it
   */
  public void retireRoot(boolean force) {
    change(state -> new RootRotation(workshop).retire(state, force));
  }

  /** Where {@code tls.crt} and {@code tls.key} of a role are: the link to the current ones. */
  public Path identityDirectory(String role) {
    return new IdentityFiles(directory).current(role);
  }

  /** The roots to trust, PEM. */
  public Path trustFile() {
    return directory.trust();
  }

  /** The lists of every authority below a trusted root, PEM. */
  public Path crlFile() {
    return directory.crl();
  }

  /** The deny list, JSON. */
  public Path deniedFile() {
    return directory.denied();
  }

  /** The session-ticket keys' folder. */
  public Path ticketsDirectory() {
    return directory.tickets();
  }

  /** Forgets the keys and the passphrase. */
  @Override
  public void close() {
    keys.close();
  }

  /** A change of the state, or of what follows from it. */
  private interface Change {
    CaState apply(CaState state) throws IOException;
  }

  private CaState change(Change change) {
    try {
      if (!Files.isDirectory(directory.path())) {
        return directory.state().read();
      }
      directory.check();
      try (var _ = CaLock.hold(directory.path(), PATIENCE)) {
        return change.apply(directory.state().read());
      }
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  private Rotated rotate(Predicate<IssuedCertificate> which, boolean withTickets) {
    List<IssuedCertificate> issued = new ArrayList<>();
    boolean[] tickets = {false};
    change(
        state -> {
          CaState next = state;
          for (IssuedCertificate one : state.currents()) {
            if (which.test(one)) {
              next = workshop.issue(next, one.again());
              next.current(one.role()).ifPresent(issued::add);
            }
          }
          if (withTickets || !state.ticketsDue().isAfter(clock.instant())) {
            new TicketKeys(directory.tickets()).rotate();
            tickets[0] = true;
            next = next.ticketsDue(clock.instant().plus(Terms.TICKETS));
          }
          return workshop.settle(state, next);
        });
    return new Rotated(List.copyOf(issued), tickets[0]);
  }

  private void heal(CaState state) throws IOException {
    PrivateFiles.sweep(directory.path());
    new IdentityFiles(directory).heal(state);
    PrivateFiles.sweep(directory.tickets());
    workshop.removeUnknownAuthorities(state);
    workshop.settle(state, state);
  }

  private static Authority newest(CaState state) {
    return state.intermediates().stream()
        .filter(Authority::published)
        .reduce((older, newer) -> newer)
        .orElseThrow(() -> new CaException("the state names no intermediate"));
  }

  private static IssuedCertificate current(CaState state, String role) {
    return state.current(role).orElseThrow(() -> nothingCurrent(role));
  }

  private static CaException nothingCurrent(String role) {
    return new CaException("role " + role + " has no identity; make one: certs issue " + role);
  }

  static CaException failed(CaDirectory directory, IOException e) {
    String reason =
        e instanceof FileSystemException file && file.getReason() != null
            ? file.getReason()
            : e.getClass().getSimpleName();
    String where =
        e instanceof FileSystemException file && file.getFile() != null
            ? file.getFile()
            : directory.path().toString();
    return new CaException("cannot use " + where + ": " + reason, e);
  }
}
