package io.portcullis.command;

import io.portcullis.config.ConfigReference;
import io.portcullis.config.ConfigReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code portcullis config}: looks at a configuration without starting anything. */
@Command(
    name = "config",
    description = "Validates and shows the configuration.",
    mixinStandardHelpOptions = true)
public final class ConfigCommand implements Runnable {
  private static final String DEFAULT_FILE = "${env:PORTCULLIS_CONFIG:-conf/portcullis.yaml}";
  private static final String ABOUT_FILE = "The configuration (default: ${DEFAULT-VALUE}).";

  @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
  @Spec
  private CommandSpec spec;

  /** Without a subcommand: wrong usage. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say which: check, show or keys");
  }

  @Command(
      description = "Validates offline; prints all problems at once, each with its line.",
      mixinStandardHelpOptions = true)
  int check(
      @Option(
              names = "--config",
              paramLabel = "FILE",
              defaultValue = DEFAULT_FILE,
              description = ABOUT_FILE)
          Path file) {
    return print(ConfigReport.check(file, System.getenv()));
  }

  @Command(
      description = "Prints every effective value and where it came from; secrets are masked.",
      mixinStandardHelpOptions = true)
  int show(
      @Option(
              names = "--config",
              paramLabel = "FILE",
              defaultValue = DEFAULT_FILE,
              description = ABOUT_FILE)
          Path file) {
    return print(ConfigReport.show(file, System.getenv()));
  }

  @Command(
      description = "Prints every key there is, with its form, default and meaning (Markdown).",
      mixinStandardHelpOptions = true)
  int keys() {
    return print(new ConfigReport(ConfigReference.markdown(), 0));
  }

  /** The answer to standard output; problems to standard error. */
  private int print(ConfigReport report) {
    PrintWriter writer =
        report.exitCode() == 0 ? spec.commandLine().getOut() : spec.commandLine().getErr();
    writer.print(report.text());
    writer.flush();
    return report.exitCode();
  }
}
