package io.portcullis.local;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rendered configuration of one Nginx, in versions: {@code conf} links to the one in use, and a
 * new one takes its place only after Nginx has found it good. One thread at a time.
 */
final class EdgeConfiguration {
  private static final Pattern REASON = Pattern.compile("\\[emerg\\](?: \\d+#\\d+:)? (.*)");
  private static final String LINK = "conf";

  private final EdgeSettings settings;
  private final EdgePrograms programs;
  private final Path state;
  private int version;
  private @Nullable Path used;

  EdgeConfiguration(EdgeSettings settings, EdgePrograms programs) {
    this.settings = settings;
    this.programs = programs;
    this.state = state(settings);
  }

  /** The folder that Nginx reads; a link, so that it stays the same. */
  Path current() {
    return settings.directory().resolve(LINK);
  }

  /**
   * Renders the templates anew, lets Nginx test the result with all files it names, and takes it.
   *
   * @throws LocalFailure with Nginx' own words, which name the file; the old one stays
   */
  void renew() {
    Path draft = settings.directory().resolve("conf-" + ++version);
    try {
      Folders.delete(draft);
      Files.createDirectories(draft);
      Files.createDirectories(settings.logs());
      keepPrivate(settings.logs().resolve("waf-raw.json"));
      Map<String, String> values = values(draft);
      if (used == null) { // later on, nginx/nodes may have found others
        write(settings.directory().resolve("nodes.conf"), nodes(settings.nodes()));
      }
      offer("proxies.conf", "# set_real_ip_from ADDRESS; for each proxy before this one\n");
      offer("origins.conf", "# \"https://app.example.com\" \"https://app.example.com\";\n");
      EdgeTemplates.render(settings.templates(), draft, values);
      test(draft);
      publish();
      take(draft);
    } catch (IOException e) {
      throw new LocalFailure("the edge's configuration cannot be written: " + e, e);
    } catch (LocalFailure e) {
      discard(draft);
      throw e;
    }
  }

  /** Removes what only a running Nginx needs. */
  void close() {
    discard(state);
  }

  private Map<String, String> values(Path draft) throws IOException {
    Path certificate = settings.certificates().resolve("identities/edge/current/tls.crt");
    Map<String, String> values = new TreeMap<>();
    values.put("EDGE_USER", settings.asRoot() ? "user www-data;" : "");
    values.put("EDGE_WORKERS", "2");
    values.put("EDGE_LISTEN", "127.0.0.1");
    values.put("EDGE_HTTP_PORT", "" + settings.httpPort());
    values.put("EDGE_HTTPS_PORT", "" + settings.httpsPort());
    values.put("EDGE_HTTPS_SUFFIX", settings.httpsPort() == 443 ? "" : ":" + settings.httpsPort());
    values.put("EDGE_SERVER_NAME", "localhost 127.0.0.1");
    values.put("EDGE_CERTS", settings.certificates().toString());
    values.put("EDGE_NODES", settings.directory().resolve("nodes.conf").toString());
    values.put("EDGE_PROXIES", settings.directory().resolve("proxies.conf").toString());
    values.put("EDGE_ORIGINS", settings.directory().resolve("origins.conf").toString());
    values.put("EDGE_STATE", state.toString());
    values.put("EDGE_LOGS", settings.logs().toString());
    values.put("EDGE_CONF", draft.toString());
    values.put("EDGE_MODULES", programs.modules().toString());
    values.put("EDGE_BROTLI", programs.brotli() ? "" : "# ");
    values.put("EDGE_STAPLING", EdgeCertificate.namesResponder(certificate) ? "on" : "off");
    values.put("EDGE_CRS_SETUP", programs.crsSetup().toString());
    values.put("EDGE_CRS_RULES", programs.crsRules().toString());
    values.put("EDGE_GATEWAY_NAME", "gateway.portcullis.internal");
    values.put("EDGE_RATE", "50");
    values.put("EDGE_BURST", "1000");
    values.put("EDGE_LOGIN_RATE", "5");
    values.put("EDGE_LOGIN_BURST", "100");
    values.put("EDGE_CONNECTIONS", "200");
    values.put("EDGE_MAX_BODY", "1m");
    values.putAll(settings.overrides());
    return values;
  }

  /** A file for the operator, who may have written it already. */
  private void offer(String name, String text) throws IOException {
    Path file = settings.directory().resolve(name);
    if (!Files.exists(file)) {
      Files.writeString(file, text);
    }
  }

  private static String nodes(List<String> nodes) {
    StringBuilder lines = new StringBuilder();
    for (String node : nodes) {
      lines.append("server ").append(node).append(" max_fails=2 fail_timeout=5s;\n");
    }
    return lines.toString();
  }

  private void test(Path draft) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            programs.nginx().toString(),
            "-t",
            "-q",
            "-c",
            draft.resolve("nginx.conf").toString(),
            "-p",
            draft.toString());
    Path output = Files.createTempFile(settings.directory(), "test", ".log");
    try {
      Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
      process.getOutputStream().close();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new LocalFailure("nginx -t took longer than 30 s");
      }
      if (process.exitValue() != 0) {
        throw new LocalFailure("Nginx refuses its configuration: " + reason(output));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LocalFailure("nginx -t was interrupted", e);
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private static String reason(Path output) throws IOException {
    String text = Files.readString(output).strip();
    Matcher matcher = REASON.matcher(text);
    return matcher.find() ? matcher.group(1).strip() : text;
  }

  private void take(Path draft) throws IOException {
    Path link = settings.directory().resolve(LINK + ".new");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, Folders.parent(draft).relativize(draft.toAbsolutePath()));
    Files.move(link, current(), StandardCopyOption.ATOMIC_MOVE);
    Path old = used;
    used = draft;
    if (old != null) {
      discard(old);
    }
  }

  /** Workers cannot walk to the certificates; what everybody may see is put where they can. */
  private void publish() throws IOException {
    Path list = state.resolve("crl.pem");
    write(list, Files.readString(settings.certificates().resolve("crl.pem")));
    Files.setPosixFilePermissions(list, PosixFilePermissions.fromString("rw-r--r--"));
  }

  /** ModSecurity makes its log readable for everybody; one that is there it leaves as it is. */
  private static void keepPrivate(Path log) throws IOException {
    if (!Files.exists(log)) {
      Files.createFile(
          log, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-------"));
  }

  private static void write(Path file, String text) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(draft, text);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void discard(Path folder) {
    try {
      Folders.delete(folder);
    } catch (IOException e) {
      throw new LocalFailure("cannot delete " + folder + ": " + e.getMessage(), e);
    }
  }

  /**
   * Where workers keep bodies and cached answers. Started as root, they run as somebody who may not
   * be able to walk to the repository, so it is a folder of the system's own for temporary files.
   */
  private static Path state(EdgeSettings settings) {
    try {
      Files.createDirectories(settings.directory());
      endLeftVersions(settings.directory());
      if (!settings.asRoot()) {
        Path kept = Files.createDirectories(settings.directory().resolve("state"));
        // Nginx that was killed leaves its local socket, and cannot bind a second one there.
        Files.deleteIfExists(kept.resolve("blocked.sock"));
        return kept;
      }
      Path folder = Files.createTempDirectory("portcullis-edge-");
      return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    } catch (IOException e) {
      throw new LocalFailure("the edge's state cannot be kept: " + e.getMessage(), e);
    }
  }

  private static void endLeftVersions(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        java.util.Set.of(),
        1,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (String.valueOf(file.getFileName()).startsWith("conf-")) {
              Folders.delete(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
