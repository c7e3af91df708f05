package io.portcullis.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an {@link Edge} is made of.
 *
 * @param templates the folder {@code nginx} of the repository
 * @param certificates the certificates directory: identities, trust, revocations, ticket keys
 * @param directory what this Nginx keeps: its rendered configuration and its state
 * @param logs where it logs
 * @param run where its pid file lies
 * @param nodes the gateway's nodes, {@code host:port}
 * @param httpsPort where it serves on 127.0.0.1; zero picks a free port
 * @param httpPort where it redirects to https; zero picks a free port
 * @param crs a folder with another core rule set ({@code crs-setup.conf.example} and {@code
 *     rules/}); empty for Debian's
 * @param overrides values for the templates by name, e.g. {@code EDGE_RATE}
 * @param progress hears how the start goes
 */
public record EdgeSettings(
    Path templates,
    Path certificates,
    Path directory,
    Path logs,
    Path run,
    List<String> nodes,
    int httpsPort,
    int httpPort,
    Optional<Path> crs,
    Map<String, String> overrides,
    Progress progress) {
  /** Copies what could be changed. */
  public EdgeSettings {
    nodes = List.copyOf(nodes);
    overrides = Map.copyOf(overrides);
  }

  /**
   * The usual places, on free ports.
   *
   * @param home the root of the repository
   * @param certificates the certificates directory
   * @param directory what the system keeps
   */
  public static EdgeSettings of(Path home, Path certificates, Path directory, List<String> nodes) {
    Path kept = directory.toAbsolutePath().normalize();
    return new EdgeSettings(
        home.toAbsolutePath().normalize().resolve("nginx"),
        certificates.toAbsolutePath().normalize(),
        kept.resolve("edge"),
        kept.resolve("logs"),
        kept.resolve("run"),
        nodes,
        0,
        0,
        Optional.empty(),
        Map.of(),
        Progress.SILENT);
  }

  /** The same on other ports. */
  public EdgeSettings withPorts(int https, int http) {
    return copy(templates, https, http, crs, overrides, progress);
  }

  /** The same with another core rule set. */
  public EdgeSettings withCrs(Optional<Path> folder) {
    return copy(templates, httpsPort, httpPort, folder, overrides, progress);
  }

  /** The same with a value for the templates. */
  public EdgeSettings with(String name, String value) {
    Map<String, String> values = new TreeMap<>(overrides);
    values.put(name, value);
    return copy(templates, httpsPort, httpPort, crs, values, progress);
  }

  /** The same from other templates. */
  public EdgeSettings withTemplates(Path folder) {
    return copy(folder, httpsPort, httpPort, crs, overrides, progress);
  }

  /** The same, told to somebody. */
  public EdgeSettings withProgress(Progress listener) {
    return copy(templates, httpsPort, httpPort, crs, overrides, listener);
  }

  private EdgeSettings copy(
      Path from,
      int https,
      int http,
      Optional<Path> rules,
      Map<String, String> values,
      Progress listener) {
    return new EdgeSettings(
        from, certificates, directory, logs, run, nodes, https, http, rules, values, listener);
  }

  /** Whether Nginx starts as root; its workers never run as that. */
  boolean asRoot() {
    return "root".equals(System.getProperty("user.name"));
  }
}
