package io.portcullis.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that must not be used, with everything that is wrong with it. Stackless. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<ConfigProblem> problems;

  ConfigException(List<ConfigProblem> problems) {
    super(
        problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")),
        null,
        false,
        false);
    this.problems = List.copyOf(problems);
  }

  /** Every problem: those of the file in the order of its lines, then those of the environment. */
  public List<ConfigProblem> problems() {
    return problems;
  }
}
