package io.portcullis.local;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which versions this build brings along; read from what it brings, so it cannot lie. */
final class Versions {
  /** Of the PostgreSQL binaries. */
  static final String POSTGRES =
      fromJar("postgres-linux-x86_64.txz", "-(\\d+\\.\\d+)[.\\d]*\\.jar");

  private static final Pattern REDIS = Pattern.compile("v=(\\d+)\\.(\\d+)\\.(\\d+)");

  private Versions() {}

  /** Of a Redis server program; empty when it is none. */
  static Optional<String> redis(Path server) {
    return Executables.output(java.util.List.of(server.toString(), "--version"))
        .map(REDIS::matcher)
        .filter(Matcher::find)
        .map(m -> m.group(1) + "." + m.group(2) + "." + m.group(3));
  }

  private static String fromJar(String resource, String pattern) {
    var url = Versions.class.getClassLoader().getResource(resource);
    Matcher matcher = Pattern.compile(pattern).matcher(String.valueOf(url));
    return matcher.find() ? String.valueOf(matcher.group(1)) : "17";
  }
}
