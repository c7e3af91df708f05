package io.portcullis.command;

import io.portcullis.config.ConfigReference;
import io.portcullis.config.ConfigReport;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code portcullis config}: looks at a configuration without starting anything. */
@Command(
    name = "config",
    description = "Validates and shows the configuration.",
    mixinStandardHelpOptions = true)
public final class ConfigCommand implements Runnable {
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
  int check(@Mixin ConfigOption configuration) {
    return print(ConfigReport.check(configuration.file(), System.getenv()));
  }

  @Command(
      description = "Prints every effective value and where it came from; secrets are masked.",
      mixinStandardHelpOptions = true)
  int show(@Mixin ConfigOption configuration) {
    return print(ConfigReport.show(configuration.file(), System.getenv()));
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
