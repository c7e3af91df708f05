package io.portcullis.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The state of reading one configuration: every declared key with its value and origin, and
 * everything that is wrong. Sections write into it; it lives as long as the reading. One thread.
 */
final class Reading {
  /** Variables of the launcher, the scripts and the commands, which are no configuration. */
  private static final Set<String> NOT_OURS =
      Set.of(
          "PORTCULLIS_DEBUG",
          "PORTCULLIS_HOME",
          "PORTCULLIS_JAVA_OPTS",
          "PORTCULLIS_CONFIG",
          "PORTCULLIS_STATE",
          "PORTCULLIS_CERTS_DIR",
          "PORTCULLIS_CERTS_PASSPHRASE",
          "PORTCULLIS_CERTS_PASSPHRASE_FILE",
          "PORTCULLIS_CERTS_ROOT_PASSPHRASE",
          "PORTCULLIS_CERTS_ROOT_PASSPHRASE_FILE");

  private final String file;
  private final Map<String, String> environment;
  private final boolean describing;
  private final Map<String, Setting> settings = new LinkedHashMap<>();
  private final Map<String, String> variables = new LinkedHashMap<>();
  private final List<ConfigProblem> problems = new ArrayList<>();
  private final Set<String> broken = new HashSet<>();

  private Reading(String file, Map<String, String> environment, boolean describing) {
    this.file = file;
    this.environment = environment;
    this.describing = describing;
  }

  static Reading of(String file, Map<String, String> environment) {
    return new Reading(file, environment, false);
  }

  /** A reading of nothing, for the declarations alone: each kind of named section once. */
  static Reading describing() {
    return new Reading("", Map.of(), true);
  }

  boolean isDescribing() {
    return describing;
  }

  Origin inFile(int line) {
    return Origin.file(file, line);
  }

  Origin nowhere(int sectionLine) {
    return Origin.absent(file, sectionLine);
  }

  /** Enters a key, at its default until {@link #settle} says otherwise. */
  void declare(Declaration declaration, int sectionLine) {
    String key = declaration.key();
    settings.put(
        key, new Setting(declaration, declaration.fallback(), Origin.absent(file, sectionLine)));
    if (!declaration.overridable()) {
      return;
    }
    String other = variables.putIfAbsent(declaration.variable(), key);
    if (other != null && !other.equals(key)) {
      problem(
          Origin.absent(file, sectionLine),
          key,
          "has the same variable " + declaration.variable() + " as " + other + "; rename one");
    }
  }

  void settle(Declaration declaration, String value, Origin origin) {
    String shown = declaration.secret() ? masked(value) : value;
    settings.put(declaration.key(), new Setting(declaration, shown, origin));
  }

  Optional<String> variable(Declaration declaration) {
    return declaration.overridable()
        ? Optional.ofNullable(environment.get(declaration.variable()))
        : Optional.empty();
  }

  void problem(Origin origin, String key, String message) {
    problems.add(new ConfigProblem(origin, key, message));
    broken.add(key);
  }

  /** A problem after which reading on makes no sense. */
  ConfigException fatal(int line, String message) {
    problem(inFile(line), "", message);
    return new ConfigException(problems());
  }

  /** Whether a key, or a section around it, is already known to be wrong. */
  boolean isBroken(String key) {
    return broken.stream()
        .anyMatch(bad -> key.equals(bad) || key.startsWith(bad + ".") || key.startsWith(bad + "["));
  }

  /** A rule among several keys does not hold; silent when one of them is wrong by itself. */
  void violated(String message, int sectionLine, List<String> keys) {
    if (keys.stream().anyMatch(this::isBroken)) {
      return;
    }
    String blamed =
        keys.stream()
            .filter(key -> origin(key).source() != Origin.Source.DEFAULT)
            .findFirst()
            .orElse(keys.getFirst());
    Origin origin =
        settings.containsKey(blamed) ? origin(blamed) : Origin.absent(file, sectionLine);
    problems.add(new ConfigProblem(origin, blamed, message));
  }

  /** Reports every {@code PORTCULLIS_} variable that overrides nothing. */
  void checkVariables() {
    environment.keySet().stream()
        .filter(name -> name.startsWith(Declaration.PREFIX))
        .filter(name -> !variables.containsKey(name) && !NOT_OURS.contains(name))
        .sorted()
        .forEach(
            name ->
                problem(
                    Origin.variable(Quote.plain(name)),
                    "",
                    "overrides no key" + Suggestion.of(name, variables.keySet())));
  }

  List<ConfigProblem> problems() {
    return problems.stream()
        .sorted(
            Comparator.comparing(
                    (ConfigProblem problem) ->
                        problem.origin().source() == Origin.Source.ENVIRONMENT)
                .thenComparing(problem -> problem.origin().line()))
        .toList();
  }

  List<Setting> settings() {
    return List.copyOf(settings.values());
  }

  private Origin origin(String key) {
    Setting setting = settings.get(key);
    return setting == null ? Origin.absent(file, 1) : setting.origin();
  }

  private static String masked(String value) {
    return value.isEmpty() ? Declaration.NONE : "******";
  }
}
