package io.portcullis.command;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code portcullis}: the list of its commands and the one place that turns failures into exit
 * codes.
 */
@Command(
    name = "portcullis",
    description = "The door of a multi-tenant chatbot platform.",
    mixinStandardHelpOptions = true,
    versionProvider = RootCommand.Version.class,
    subcommands = {
      UpCommand.class,
      ServeCommand.class,
      TokenCommand.class,
      TenantCommand.class,
      RealmCommand.class,
      AuditCommand.class,
      RevokeCommand.class,
      ConfigCommand.class,
      CertsCommand.class,
      BenchCommand.class,
      CommandLine.HelpCommand.class
    },
    footer = {
      "",
      "  verify [--fast]            build, install what the tests need, run them all",
      "  stack COMMAND              the whole system in containers",
      "",
      "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 something missing on this machine."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
public final class RootCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /** Runs the command that the arguments name; never throws. */
  public static int run(String... arguments) {
    return new CommandLine(new RootCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(RootCommand::failed)
        .execute(arguments);
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Which command?");
  }

  /** A command that fails says what in one line; {@code PORTCULLIS_DEBUG} adds the stack. */
  private static int failed(Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
    PrintWriter err = line.getErr();
    String message = failure.getMessage();
    err.println("portcullis: " + (message == null ? failure.getClass().getSimpleName() : message));
    if (System.getenv("PORTCULLIS_DEBUG") != null) {
      failure.printStackTrace(err);
    }
    err.flush();
    return 1;
  }

  /** The version in the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = RootCommand.class.getPackage().getImplementationVersion();
      return List.of("portcullis " + (version == null ? "(not from a jar)" : version))
          .toArray(String[]::new);
    }
  }
}
