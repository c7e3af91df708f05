package io.portcullis.local;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import redis.embedded.core.ExecutableProvider;

/**
 * Redis: the machine's own from version 7 on, else the packaged one. It keeps limits and, in a
 * database of its own, state; nothing on disk, so a restart logs everybody out. The default user is
 * off; ours has a password.
 */
final class RedisPart implements LocalPart {
  static final String USER = "portcullis";
  private static final int OWN_FROM = 7;

  private final Path server;
  private final String version;
  private final Path folder;
  private final int port;
  private final Secrets secrets;

  private RedisPart(Path server, String version, Path folder, int port, Secrets secrets) {
    this.server = server;
    this.version = version;
    this.folder = folder;
    this.port = port;
    this.secrets = secrets;
  }

  /** Chooses the server. */
  static RedisPart of(Path cache, Path folder, int port, Secrets secrets) {
    Optional<Path> own = Executables.find("redis-server").filter(RedisPart::recent);
    Path server = own.orElseGet(() -> packaged(cache.resolve("redis")));
    String version = Versions.redis(server).orElse("(packaged)");
    return new RedisPart(server, version, folder, port, secrets);
  }

  @Override
  public Part part() {
    return Part.REDIS;
  }

  @Override
  public String title() {
    return "Redis " + version;
  }

  @Override
  public String address() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void prepare(Consumer<String> state) {
    try {
      Files.createDirectories(folder);
      Path file = folder.resolve("redis.conf");
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, configuration());
    } catch (IOException e) {
      throw new LocalFailure("Redis cannot be configured: " + e.getMessage(), e);
    }
  }

  @Override
  public ProcessBuilder process() {
    return new ProcessBuilder(server.toString(), folder.resolve("redis.conf").toString());
  }

  @Override
  public boolean ready(ProcessHandle process) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      socket.setSoTimeout(1000);
      String hello = "AUTH %s %s\r\nPING\r\n".formatted(USER, secrets.get(Secrets.REDIS));
      socket.getOutputStream().write(hello.getBytes(StandardCharsets.US_ASCII));
      byte[] expected = "+OK\r\n+PONG\r\n".getBytes(StandardCharsets.US_ASCII);
      byte[] answer = socket.getInputStream().readNBytes(expected.length);
      return java.util.Arrays.equals(answer, expected);
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public Duration startLimit() {
    return Duration.ofSeconds(20);
  }

  private String configuration() {
    return """
    bind 127.0.0.1
    port %d
    dir "%s"
    daemonize no
    save ""
    appendonly no
    maxmemory 128mb
    maxmemory-policy noeviction
    user default off
    user %s on >%s ~* &* +@all
    """
        .formatted(port, folder, USER, secrets.get(Secrets.REDIS));
  }

  private static boolean recent(Path server) {
    return Versions.redis(server)
        .map(version -> Integer.parseInt(version.substring(0, version.indexOf('.'))) >= OWN_FROM)
        .orElse(false);
  }

  private static Path packaged(Path folder) {
    try {
      Files.createDirectories(folder);
      File server = ExecutableProvider.newJarResourceProvider(folder.toFile()).get();
      return server.toPath();
    } catch (IOException e) {
      throw new LocalFailure(
          "There is no redis-server from version 7 on PATH, and the packaged one cannot be"
              + " unpacked: "
              + e.getMessage(),
          e);
    }
  }
}
