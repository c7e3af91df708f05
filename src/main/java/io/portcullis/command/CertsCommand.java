package io.portcullis.command;

import io.portcullis.local.LocalFailure;
import io.portcullis.tls.CaException;
import io.portcullis.tls.CaInventory;
import io.portcullis.tls.CaSettings;
import io.portcullis.tls.CertificateAuthority;
import io.portcullis.tls.IdentityRequest;
import io.portcullis.tls.Passphrases;
import io.portcullis.tls.RevocationReason;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code portcullis certs}: the internal certificate authority. */
@Command(
    name = "certs",
    description = "Makes, rotates, revokes and shows the internal certificates.",
    mixinStandardHelpOptions = true,
    subcommands = CertsRotateCommand.class,
    footer = {
      "",
      "Passphrases come from PORTCULLIS_CERTS_PASSPHRASE (intermediate) and",
      "PORTCULLIS_CERTS_ROOT_PASSPHRASE (root), from the files that the same names with _FILE",
      "say, or from the terminal; for the directory of `up` from its own secrets."
    })
public final class CertsCommand implements Runnable {
  private static final Pattern LIFE = Pattern.compile("([1-9][0-9]{0,6})(s|m|h|d)");

  private static final Pattern INTERMEDIATE = Pattern.compile("ca/([1-9][0-9]{0,5})");

  private final PassphraseSource passphrases;
  private final InstantSource clock;

  @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
  @Spec
  private CommandSpec spec;

  /** With the environment and the terminal of this process. */
  public CertsCommand() {
    this(PassphraseSource.ofProcess(), InstantSource.system());
  }

  CertsCommand(PassphraseSource passphrases, InstantSource clock) {
    this.passphrases = passphrases;
    this.clock = clock;
  }

  /** What every subcommand takes. */
  static final class Common {
    @Option(
        names = "--dir",
        paramLabel = "DIR",
        description =
            "The authority's directory (default: PORTCULLIS_CERTS_DIR, else .portcullis/certs).")
    private @Nullable Path directory;
  }

  /** Without a subcommand: wrong usage. */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Say which: init, issue, rotate, revoke or list");
  }

  @Command(
      description = "Makes the authority: a root, and an intermediate that issues.",
      mixinStandardHelpOptions = true)
  int init(
      @Mixin Common common,
      @Option(
              names = "--env",
              paramLabel = "ENV",
              defaultValue = "production",
              description = "The environment in every identity (default: ${DEFAULT-VALUE}).")
          String environment,
      @Option(
              names = "--crl-url",
              paramLabel = "URL",
              description = "Where crl.pem is served, as every certificate shall say.")
          @Nullable URI crlUrl,
      @Option(
              names = "--ocsp-url",
              paramLabel = "URL",
              description = "The OCSP responder that every certificate shall name.")
          @Nullable URI ocspUrl) {
    return attempt(
        () -> {
          Path directory = directory(common);
          CaSettings plain = usage(() -> CaSettings.of(directory, environment));
          CaSettings withCrl = crlUrl == null ? plain : usage(() -> plain.withCrlUrl(crlUrl));
          CaSettings settings =
              ocspUrl == null ? withCrl : usage(() -> withCrl.withOcspUrl(ocspUrl));
          try (Passphrases both = bothPassphrases(directory);
              var authority = CertificateAuthority.init(settings, both, clock)) {
            PrintWriter out = spec.commandLine().getOut();
            out.println("made     " + directory + " for " + authority.list().environment());
            out.println("trust    " + authority.trustFile());
            out.println("root     " + directory.resolve("root") + " (may be kept elsewhere)");
            out.flush();
          }
        });
  }

  @Command(
      description = "Issues an identity; it becomes the current one of its role.",
      mixinStandardHelpOptions = true)
  int issue(
      @Parameters(paramLabel = "ROLE", description = "1 to 32 of a-z, 0-9 and -, a letter first.")
          String role,
      @Option(names = "--dns", paramLabel = "NAME", split = ",", description = "Also this name.")
          @Nullable List<String> dns,
      @Option(names = "--ip", paramLabel = "IP", split = ",", description = "Also this address.")
          @Nullable List<String> ips,
      @Option(
              names = "--life",
              paramLabel = "TIME",
              defaultValue = "24h",
              description = "1m to 90d (default: ${DEFAULT-VALUE}).")
          String life,
      @Mixin Common common) {
    return attempt(
        () -> {
          IdentityRequest request =
              usage(
                  () ->
                      new IdentityRequest(
                          role,
                          dns == null ? List.of() : dns,
                          ips == null ? List.of() : ips,
                          duration(life)));
          try (var authority = open(common)) {
            output().identity("issued", authority.issue(request));
            out().println("files    " + authority.identityDirectory(role));
            out().flush();
          }
        });
  }

  @Command(
      description = {
        "Revokes one certificate, or all of a role that have not expired. Or an intermediate",
        "(ca/1) whose key is known: all it issued is revoked, what is in use is issued again",
        "by the next one (rotate --intermediate); takes the root's passphrase."
      },
      mixinStandardHelpOptions = true)
  int revoke(
      @Parameters(paramLabel = "ROLE|SERIAL|ca/N", description = "As `certs list` shows it.")
          String which,
      @Option(
              names = "--reason",
              paramLabel = "REASON",
              required = true,
              description =
                  "unspecified, key-compromise, ca-compromise, affiliation-changed, superseded,"
                      + " cessation-of-operation or privilege-withdrawn.")
          String reason,
      @Option(
              names = "--reissue",
              description = "First give the role a new one; else it has none until it is issued.")
          boolean reissue,
      @Mixin Common common) {
    return attempt(
        () -> {
          RevocationReason why = usage(() -> RevocationReason.of(reason));
          Matcher intermediate = INTERMEDIATE.matcher(which);
          if (intermediate.matches() && (reissue || why != RevocationReason.CA_COMPROMISE)) {
            throw new ParameterException(
                spec.commandLine(),
                "an intermediate is revoked with --reason ca-compromise, and what it issued is"
                    + " issued again without --reissue");
          }
          try (var authority = open(common)) {
            var done =
                intermediate.matches()
                    ? revoke(authority, Integer.parseInt(intermediate.group(1)), common)
                    : authority.revoke(which, why, reissue);
            done.successor().ifPresent(one -> output().identity("issued", one));
            done.revoked().forEach(one -> output().identity("revoked", one));
            out().flush();
          }
        });
  }

  @Command(
      description = "Shows the authorities and every certificate that is not forgotten yet.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin Common common, @Option(names = "--json", description = "Print JSON.") boolean json) {
    return attempt(
        () -> {
          CaInventory inventory = CaInventory.read(directory(common), clock);
          if (json) {
            output().json(inventory);
          } else {
            output().table(inventory);
            warn(inventory);
          }
        });
  }

  private CertificateAuthority.Revoked revoke(
      CertificateAuthority authority, int intermediate, Common common) {
    char[] passphrase = rootPassphrase(common);
    try {
      return authority.revokeIntermediate(intermediate, passphrase);
    } finally {
      Arrays.fill(passphrase, '\0');
    }
  }

  /** What a subcommand does. */
  interface Action {
    void run() throws InterruptedException;
  }

  /** Runs it; an exit code for what went wrong. */
  int attempt(Action action) {
    PrintWriter err = spec.commandLine().getErr();
    try {
      action.run();
      return 0;
    } catch (CaException | LocalFailure e) {
      err.println("portcullis: " + e.getMessage());
    } catch (PassphraseSource.Missing e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
    err.flush();
    return 1;
  }

  CertificateAuthority open(Common common) {
    Path directory = directory(common);
    CaInventory.read(directory, clock); // before anybody is asked for a passphrase
    char[] passphrase = passphrases.ca(directory);
    try {
      return CertificateAuthority.open(directory, passphrase, clock);
    } finally {
      Arrays.fill(passphrase, '\0');
    }
  }

  char[] rootPassphrase(Common common) {
    return passphrases.root(directory(common));
  }

  InstantSource clock() {
    return clock;
  }

  CertsOutput output() {
    return new CertsOutput(out());
  }

  void warn(CaInventory inventory) {
    PrintWriter err = spec.commandLine().getErr();
    inventory.warnings().forEach(warning -> err.println("portcullis: " + warning));
    err.flush();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private Path directory(Common common) {
    if (common.directory != null) {
      return common.directory.toAbsolutePath().normalize();
    }
    String named = passphrases.environment().get("PORTCULLIS_CERTS_DIR");
    Path usual = passphrases.localState().resolve("certs");
    return (named == null || named.isEmpty() ? usual : Path.of(named)).toAbsolutePath().normalize();
  }

  private Passphrases bothPassphrases(Path directory) {
    char[] ca = passphrases.ca(directory);
    char[] root = passphrases.root(directory);
    try {
      return usage(() -> new Passphrases(root, ca));
    } finally {
      Arrays.fill(ca, '\0');
      Arrays.fill(root, '\0');
    }
  }

  /** What the arguments make impossible is wrong usage. */
  private <T> T usage(Supplier<T> checked) {
    try {
      return checked.get();
    } catch (CaException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
    }
  }

  private static Duration duration(String text) {
    Matcher matcher = LIFE.matcher(text);
    if (!matcher.matches()) {
      throw new CaException("--life takes a whole number and s, m, h or d, for example 24h");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }
}
