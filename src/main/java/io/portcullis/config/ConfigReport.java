package io.portcullis.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What {@code portcullis config} says: pure functions of a file and an environment.
 *
 * @param text the lines to print, each with its newline
 * @param exitCode 0 valid, 1 invalid
 */
public record ConfigReport(String text, int exitCode) {
  /** Whether the configuration holds, else every problem. */
  public static ConfigReport check(Path file, Map<String, String> environment) {
    return report(
        file,
        environment,
        settings ->
            String.format(
                "%s is valid: %d settings from the file, %d from the environment, %d defaults\n",
                file,
                count(settings, Origin.Source.FILE),
                count(settings, Origin.Source.ENVIRONMENT),
                count(settings, Origin.Source.DEFAULT)));
  }

  /** The effective value of every key and where it came from, secrets masked; or the problems. */
  public static ConfigReport show(Path file, Map<String, String> environment) {
    return report(file, environment, ConfigReport::listing);
  }

  private static ConfigReport report(
      Path file, Map<String, String> environment, Function<List<Setting>, String> answer) {
    try {
      var outcome = ConfigLoader.read(file, environment);
      return outcome.problems().isEmpty()
          ? new ConfigReport(answer.apply(outcome.settings()), 0)
          : invalid(outcome.problems());
    } catch (ConfigException e) {
      return invalid(e.problems());
    }
  }

  private static String listing(List<Setting> settings) {
    StringBuilder text = new StringBuilder();
    for (Setting setting : settings) {
      String value = setting.shown().isEmpty() ? Declaration.NONE : Quote.plain(setting.shown());
      text.append(
          String.format(
              "%-40s %-36s # %s\n",
              setting.declaration().key() + ":", value, setting.origin().label()));
    }
    return text.toString();
  }

  private static ConfigReport invalid(List<ConfigProblem> problems) {
    StringBuilder text = new StringBuilder();
    problems.forEach(problem -> text.append(problem).append('\n'));
    text.append(problems.size()).append(problems.size() == 1 ? " problem\n" : " problems\n");
    return new ConfigReport(text.toString(), 1);
  }

  private static long count(List<Setting> settings, Origin.Source source) {
    return settings.stream().filter(setting -> setting.origin().source() == source).count();
  }
}
