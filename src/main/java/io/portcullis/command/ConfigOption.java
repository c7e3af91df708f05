package io.portcullis.command;

import io.portcullis.config.PortcullisConfig;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option {@code --config} of every command that reads one. */
final class ConfigOption {
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "${env:PORTCULLIS_CONFIG:-conf/portcullis.yaml}",
      description = "The configuration (default: ${DEFAULT-VALUE}).")
  private Path file;

  /** Where it lies; the shipped one is found from every folder. */
  Path file() {
    return NodeSettings.found(file);
  }

  /**
   * Reads it as {@link NodeSettings#load} does.
   *
   * @throws io.portcullis.config.ConfigException if it is not valid
   */
  PortcullisConfig load() {
    return NodeSettings.load(file);
  }
}
