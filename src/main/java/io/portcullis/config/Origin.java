package io.portcullis.config;

/**
 * Where a value came from, or where it would have stood.
 *
 * @param source which of the three
 * @param name the file as the caller named it, or the variable
 * @param line the line in the file, from 1; for a default, the line of the nearest section that is
 *     there; 0 for a variable
 */
public record Origin(Source source, String name, int line) {
  /** The places a value can come from, in the order they are listed. */
  public enum Source {
    /** Written in the file. */
    FILE,
    /** Not written anywhere. */
    DEFAULT,
    /** An environment variable. */
    ENVIRONMENT
  }

  static Origin file(String file, int line) {
    return new Origin(Source.FILE, file, line);
  }

  static Origin absent(String file, int line) {
    return new Origin(Source.DEFAULT, file, line);
  }

  static Origin variable(String name) {
    return new Origin(Source.ENVIRONMENT, name, 0);
  }

  /** Where to look, for an error: {@code file:line}, or the variable. */
  String place() {
    return source == Source.ENVIRONMENT ? name : name + ":" + line;
  }

  /** Where the value came from, for a listing. */
  String label() {
    return source == Source.DEFAULT ? "default" : place();
  }
}
