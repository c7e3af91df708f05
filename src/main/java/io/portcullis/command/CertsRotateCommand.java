package io.portcullis.command;

import io.portcullis.tls.Authority;
import io.portcullis.tls.CaException;
import io.portcullis.tls.CertificateAuthority;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code portcullis certs rotate}: new certificates for old, of identities or of the authority. */
@Command(
    name = "rotate",
    description = {
      "Issues again what is due, with the session-ticket keys and revocation lists that are due.",
      "Or: the named roles, everything, the intermediate, or the root in its three phases."
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
public final class CertsRotateCommand implements Callable<Integer> {
  /** A watcher looks this often at least: others issue and revoke in the same directory. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private static final Duration SHORTEST_WAIT = Duration.ofMillis(200);

  /** The steps of a new root. */
  enum RootPhase {
    INTRODUCE,
    ACTIVATE,
    RETIRE
  }

  @ParentCommand private CertsCommand parent;
  @Spec private CommandSpec spec;
  @Mixin private CertsCommand.Common common;

  @Parameters(arity = "0..*", paramLabel = "ROLE", description = "Only these, due or not.")
  private @Nullable List<String> roles;

  @Option(names = "--all", description = "Every identity, due or not, and the ticket keys.")
  private boolean all;

  @Option(names = "--watch", description = "Go on rotating what is due, until Ctrl-C.")
  private boolean watch;

  @Option(
      names = "--intermediate",
      description = "A new intermediate under the same root (takes the root's passphrase).")
  private boolean intermediate;

  @Option(
      names = "--root",
      paramLabel = "PHASE",
      description =
          "A new root: introduce (trusted; takes the root's passphrase), activate (issues"
              + " everything again), retire (the old one is trusted no more).")
  private @Nullable String root;

  @Option(
      names = "--force",
      description = "With --root retire: even while identities still chain to the old root.")
  private boolean force;

  @Override
  public Integer call() {
    boolean named = roles != null && !roles.isEmpty();
    long ways = Stream.of(named, all, watch, intermediate, root != null).filter(on -> on).count();
    if (ways > 1) {
      throw wrong("Only one of: roles, --all, --watch, --intermediate, --root");
    }
    @Nullable RootPhase phase = root == null ? null : phase(root);
    if (force && phase != RootPhase.RETIRE) {
      throw wrong("--force goes with --root retire");
    }
    return parent.attempt(
        () -> {
          try (var authority = parent.open(common)) {
            if (phase != null) {
              rotateRoot(authority, phase);
            } else if (intermediate) {
              rotateIntermediate(authority);
            } else if (named) {
              rotateRoles(authority, List.copyOf(roles));
            } else if (watch) {
              watch(authority);
            } else {
              report(all ? authority.rotateAll() : authority.rotateDue());
            }
            parent.warn(authority.list());
          } finally {
            out().flush();
          }
        });
  }

  /** All or none: one that has no identity stops it before the first. */
  private void rotateRoles(CertificateAuthority authority, List<String> wanted) {
    authority.rotate(wanted).forEach(one -> parent.output().identity("issued", one));
  }

  private void rotateIntermediate(CertificateAuthority authority) {
    char[] passphrase = parent.rootPassphrase(common);
    try {
      Authority made = authority.rotateIntermediate(passphrase);
      out().printf("made     %s; it issues from %s on%n", made.label(), made.usableFrom());
    } finally {
      Arrays.fill(passphrase, '\0');
    }
  }

  private void rotateRoot(CertificateAuthority authority, RootPhase phase) {
    switch (phase) {
      case INTRODUCE -> {
        char[] passphrase = parent.rootPassphrase(common);
        try {
          out().printf("trusted  %s%n", authority.introduceRoot(passphrase).label());
        } finally {
          Arrays.fill(passphrase, '\0');
        }
        out().println("next     bring trust.pem and crl.pem to everybody, then --root activate");
      }
      case ACTIVATE -> {
        report(authority.activateRoot());
        out().println("next     when the old identities have expired, --root retire");
      }
      case RETIRE -> {
        authority.retireRoot(force);
        out().println("retired  the old root is trusted no more");
      }
    }
  }

  /** Until interrupted. What fails is said, and tried again. */
  private void watch(CertificateAuthority authority) throws InterruptedException {
    while (!Thread.currentThread().isInterrupted()) {
      Instant next = parent.clock().instant().plus(LONGEST_WAIT);
      try {
        var done = authority.rotateDue();
        if (!done.issued().isEmpty() || done.tickets()) {
          report(done);
          parent.warn(authority.list());
        }
        Instant due = authority.list().nextDue();
        next = due.isBefore(next) ? due : next;
      } catch (CaException e) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("portcullis: " + e.getMessage());
        err.flush();
      }
      Duration wait = Duration.between(parent.clock().instant(), next);
      Thread.sleep(wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait);
    }
  }

  private void report(CertificateAuthority.Rotated done) {
    done.issued().forEach(one -> parent.output().identity("issued", one));
    if (done.tickets()) {
      out().println("issued   session-ticket keys");
    }
    if (done.issued().isEmpty() && !done.tickets()) {
      out().println("nothing is due");
    }
    out().flush();
  }

  private RootPhase phase(String text) {
    try {
      return RootPhase.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw wrong("--root takes introduce, activate or retire");
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
