package io.portcullis.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Reads the configuration, once, at start: the file, the environment over it, secrets from their
 * files. All problems are found in one go.
 */
public final class ConfigLoader {
  private ConfigLoader() {}

  /**
   * The configuration of a node.
   *
   * @param file the YAML file, named in errors as given here
   * @param environment the variables; those that start with {@code PORTCULLIS_} count
   * @throws ConfigException with every problem of the file and the environment
   */
  public static PortcullisConfig load(Path file, Map<String, String> environment) {
    Outcome outcome = read(file, environment);
    if (!outcome.problems().isEmpty()) {
      throw new ConfigException(outcome.problems());
    }
    return outcome.config();
  }

  /**
   * What a reading gave.
   *
   * @param config to be used only when there are no problems
   * @param settings every key with its effective value
   * @param problems what is wrong
   */
  record Outcome(PortcullisConfig config, List<Setting> settings, List<ConfigProblem> problems) {}

  /** Reads as far as possible; throws only when the file is no YAML at all. */
  static Outcome read(Path file, Map<String, String> environment) {
    Reading reading = Reading.of(file.toString(), environment);
    return read(text(file, reading), reading);
  }

  static Outcome read(String text, Reading reading) {
    YamlNode.Mapping top = YamlReader.read(text, reading);
    PortcullisConfig config = Section.readAll(reading, top, PortcullisConfig::read);
    reading.checkVariables();
    return new Outcome(config, reading.settings(), reading.problems());
  }

  /** Every key that exists. */
  static List<Declaration> declarations() {
    Reading reading = Reading.describing();
    Section.readAll(reading, new YamlNode.Mapping(0, Map.of()), PortcullisConfig::read);
    return reading.settings().stream().map(Setting::declaration).toList();
  }

  private static String text(Path file, Reading reading) {
    try {
      return FileText.read(file, YamlReader.MAX_BYTES);
    } catch (BadValueException e) {
      throw reading.fatal(1, "the file " + e.reason());
    }
  }
}
