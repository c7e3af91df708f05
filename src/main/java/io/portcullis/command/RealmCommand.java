package io.portcullis.command;

import io.portcullis.local.LocalFailure;
import io.portcullis.local.LocalRealm;
import io.portcullis.realm.RealmApply;
import io.portcullis.realm.RealmData;
import io.portcullis.realm.RealmException;
import io.portcullis.realm.RealmText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code portcullis realm}: Keycloak's realm as data. */
@Command(
    name = "realm",
    description = "Brings Keycloak to the realm that the files describe.",
    mixinStandardHelpOptions = true)
public final class RealmCommand implements Runnable {
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
  @Spec
  private CommandSpec spec;

  private final Map<String, String> environment;

  /** Takes secrets and addresses from this process' environment. */
  public RealmCommand() {
    this(System.getenv());
  }

  RealmCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Which files describe the realm. */
  static final class Files {
    @Option(
        names = "--realm",
        paramLabel = "FILE",
        description =
            "A file of the realm, laid over those before it; repeatable (default: the production"
                + " realm; of a running `up`, with its development overlay).")
    private @Nullable List<Path> files;

    @Option(
        names = "--name",
        paramLabel = "NAME",
        description = "Another name for the realm than the files give it.")
    private @Nullable String name;
  }

  /** Without a subcommand: wrong usage. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say which: apply or show");
  }

  @Command(
      description = {
        "Compares a running Keycloak with the realm's files, prints each difference and repairs it.",
        "Users and organizations are not touched. What differs a second time, somebody changes."
      },
      mixinStandardHelpOptions = true)
  int apply(
      @Option(names = "--check", description = "Change nothing; exit with 1 if anything differs.")
          boolean check,
      @Mixin RealmAccess access,
      @Mixin Files files) {
    return attempt(
        () -> {
          RealmAccess.Target target = access.target(environment);
          RealmData data = data(files, target.local());
          try (var apply = new RealmApply(target.keycloak(), target.login(), target.trust())) {
            return report(apply, data, check);
          }
        });
  }

  @Command(
      description = "Prints the realm that the files describe, all placeholders filled.",
      mixinStandardHelpOptions = true)
  int show(
      @Option(
              names = "--import",
              description = "With its secrets, as a file for Keycloak's own import.")
          boolean whole,
      @Mixin Files files) {
    return attempt(
        () -> {
          RealmData data = data(files, LocalRealm.running(Home.root(), Home.state()).orElse(null));
          PrintWriter out = spec.commandLine().getOut();
          out.println(whole ? data.importForm().encodePrettily() : RealmText.masked(data));
          out.flush();
          return 0;
        });
  }

  private int report(RealmApply apply, RealmData data, boolean check) {
    PrintWriter out = spec.commandLine().getOut();
    int drifts =
        check
            ? apply.check(data, drift -> print(out, drift.toString()))
            : apply.apply(data, drift -> print(out, drift.toString()));
    if (drifts == 0) {
      print(out, "The realm " + data.name() + " is as its files say; nothing was changed.");
    } else if (check) {
      print(out, "The realm %s differs in %s.".formatted(data.name(), points(drifts)));
    } else {
      print(out, "The realm %s differed in %s; repaired.".formatted(data.name(), points(drifts)));
    }
    return check && drifts > 0 ? 1 : 0;
  }

  private static String points(int number) {
    return number == 1 ? "1 point" : number + " points";
  }

  private static void print(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }

  /** The variables of a running local system lie under those of the environment. */
  private RealmData data(Files given, @Nullable LocalRealm local) {
    Map<String, String> variables = new HashMap<>(local == null ? Map.of() : local.variables());
    variables.putAll(environment);
    List<Path> files = given.files;
    if (files == null) {
      files = local == null ? LocalRealm.files(Home.root(), false, environment) : local.files();
    }
    RealmData data = RealmData.read(files, variables);
    return given.name == null ? data : data.withName(given.name);
  }

  private int attempt(IntSupplier action) {
    PrintWriter err = spec.commandLine().getErr();
    try {
      return action.getAsInt();
    } catch (RealmException | LocalFailure e) {
      err.println("portcullis: " + e.getMessage());
    }
    err.flush();
    return 1;
  }
}
