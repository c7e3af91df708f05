package io.portcullis.command;

import io.portcullis.ChainAdapter;
import io.portcullis.audit.AuditTail;
import io.portcullis.audit.ChainDatabase;
import io.portcullis.audit.ChainVerifier;
import io.portcullis.audit.RequestTrail;
import io.portcullis.config.ConfigException;
import io.portcullis.config.PortcullisConfig;
import io.portcullis.model.Rejection;
import io.portcullis.tenant.PlatformDatabase;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code portcullis audit}: proves and shows the trail, straight from the database. */
@Command(
    name = "audit",
    description = "Proves and follows the trail, and says why a request was refused.",
    mixinStandardHelpOptions = true)
public final class AuditCommand implements Runnable {
  private static final int MAX_LINES = 10_000;
  private static final String TENANT = "SELECT id FROM platform.tenant WHERE name = $1 OR id = $1";

  @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
  @Spec
  private CommandSpec spec;

  /** What every subcommand takes. */
  static final class Common {
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
    @Mixin
    private ConfigOption config;

    @Option(
        names = "--chain",
        paramLabel = "NAME",
        description = "Only this chain: platform, or the id of a tenant, also of a deleted one.")
    private @Nullable String chain;

    @Option(
        names = "--tenant",
        paramLabel = "NAME|ID",
        description = "Only the chain of this tenant.")
    private @Nullable String tenant;
  }

  /** Without a subcommand: wrong usage. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say which: verify, tail or why");
  }

  @Command(
      description = {
        "Recomputes every chain from its first entry; names the first that was changed, removed,",
        "added or moved. Exit code 0: intact, 1: not intact, or not to be read.",
        "Write the last hashes down elsewhere: only they tell of an end cut off with its head."
      },
      mixinStandardHelpOptions = true)
  int verify(@Mixin Common common) {
    return attempt(
        common, (output, database, chain) -> output.verify(new ChainVerifier(database), chain));
  }

  @Command(description = "Prints the newest entries.", mixinStandardHelpOptions = true)
  int tail(
      @Mixin Common common,
      @Option(
              names = "--lines",
              paramLabel = "N",
              defaultValue = "20",
              description = "How many at first, 0 to 10000 (default: ${DEFAULT-VALUE}).")
          int lines,
      @Option(names = "--all", description = "Begin with each chain's first entry.") boolean all,
      @Option(names = "--follow", description = "Go on with what comes, until Ctrl-C.")
          boolean follow,
      @Mixin LineForm form) {
    if (lines < 0 || lines > MAX_LINES) {
      throw new ParameterException(spec.commandLine(), "--lines takes 0 to " + MAX_LINES);
    }
    return attempt(
        common,
        (output, database, chain) ->
            output.tail(
                new AuditTail(database, chain),
                all ? OptionalInt.empty() : OptionalInt.of(lines),
                form.lines(),
                follow));
  }

  @Command(
      description = {
        "Says why a request was refused: rule, claim and decision, from the trail.",
        "Exit code 1: the trail knows nothing of it."
      },
      mixinStandardHelpOptions = true)
  int why(
      @Mixin Common common,
      @Parameters(
              paramLabel = "REQUEST_ID",
              description = "As in X-Request-Id, or request_id of the answer.")
          String requestId,
      @Option(names = "--json", description = "Print one JSON object a line.") boolean json) {
    if (!RequestTrail.isRequestId(requestId)) {
      throw new ParameterException(spec.commandLine(), "This is not the id of a request");
    }
    return attempt(
        common,
        (output, database, chain) ->
            output.why(requestId, new RequestTrail(database).linesOf(requestId, chain), json));
  }

  /** What a subcommand does with the trail. */
  private interface Action {
    int run(AuditOutput output, ChainDatabase database, Optional<String> chain)
        throws InterruptedException;
  }

  private int attempt(Common common, Action action) {
    if (common.chain != null && common.tenant != null) {
      throw new ParameterException(spec.commandLine(), "Either --chain or --tenant");
    }
    PrintWriter err = spec.commandLine().getErr();
    try {
      PortcullisConfig config = common.config.load();
      return read(config, common, action);
    } catch (ConfigException e) {
      err.println(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      err.println("portcullis: PostgreSQL does not answer");
    }
    err.flush();
    return 1;
  }

  private int read(PortcullisConfig config, Common common, Action action)
      throws InterruptedException, TimeoutException {
    Vertx vertx = Vertx.vertx();
    try {
      PlatformDatabase platform = new PlatformDatabase(vertx, config.postgres());
      Optional<String> chain = Optional.ofNullable(common.chain);
      if (common.tenant != null) {
        chain = chainOf(common.tenant, platform);
        if (chain.isEmpty()) {
          spec.commandLine().getErr().println("portcullis: there is no tenant " + common.tenant);
          return 1;
        }
      }
      AuditOutput output =
          new AuditOutput(spec.commandLine().getOut(), spec.commandLine().getErr());
      return action.run(output, new ChainAdapter(platform), chain);
    } catch (Rejection e) {
      String where = config.postgres().host() + ":" + config.postgres().port();
      spec.commandLine().getErr().println("portcullis: PostgreSQL is not available at " + where);
      return 1;
    } finally {
      vertx.close().await(10, TimeUnit.SECONDS);
    }
  }

  private static Optional<String> chainOf(String tenant, PlatformDatabase platform)
      throws TimeoutException {
    List<@Nullable Object[]> rows = platform.query(TENANT, tenant).await(30, TimeUnit.SECONDS);
    return rows.stream().findFirst().map(row -> String.valueOf(row[0]));
  }
}
