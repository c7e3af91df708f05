package io.portcullis.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is asked. */
public enum Scenario {
  /** The gateway answers itself. HAProxy has nothing like it. */
  ME("/api/v1/me", false),
  /** The gateway asks an upstream that answers a constant, and so does HAProxy. */
  PROXY("/bench/constant", true);

  private final String path;
  private final boolean peer;

  Scenario(String path, boolean peer) {
    this.path = path;
    this.peer = peer;
  }

  /** The scenario of that name, as written on the command line. */
  public static Optional<Scenario> named(String name) {
    return Arrays.stream(values()).filter(scenario -> scenario.label().equals(name)).findFirst();
  }

  /** All names, for an error message. */
  public static String names() {
    return List.of(values()).stream().map(Scenario::label).collect(Collectors.joining(", "));
  }

  /** The name on the command line and in the result. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  String path() {
    return path;
  }

  /** Whether HAProxy is measured beside the gateway. */
  boolean peer() {
    return peer;
  }
}
