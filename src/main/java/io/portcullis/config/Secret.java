package io.portcullis.config;

/** A value that never appears in a log, an error or a listing. */
public record Secret(String value) {
  private static final int SHORTEST = 12;

  /** Long enough to be random; nobody can say more without knowing how it was made. */
  boolean isStrong() {
    return value.length() >= SHORTEST;
  }

  /** The rule that makes a weak one a problem. */
  static String rule(String key) {
    return "expected "
        + key
        + " to have at least "
        + SHORTEST
        + " characters, because the host is not this machine";
  }

  @Override
  public String toString() {
    return "******";
  }
}
