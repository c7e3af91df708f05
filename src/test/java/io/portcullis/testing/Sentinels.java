package io.portcullis.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A primary, a replica and three sentinels on this machine, all by TLS, with a user for those who
 * ask. A primary that is gone is missed after half a second.
 */
public final class Sentinels implements AutoCloseable {
  /** What the sentinels call the primary. */
  public static final String NAME = "state";

  /** Who may ask them. */
  public static final String ASKER = "asker";

  /** The asker's password. */
  public static final String PASSWORD = "a-password-of-askers";

  private final Path folder;
  private final TlsFolder tls;
  private final List<RedisServer> servers = new ArrayList<>();
  private final List<Integer> serverPorts = new ArrayList<>();
  private final List<Process> sentinels = new ArrayList<>();
  private final List<Integer> sentinelPorts = new ArrayList<>();

  private Sentinels(Path folder, TlsFolder tls) {
    this.folder = folder;
    this.tls = tls;
  }

  /** Starts them all; ends when every sentinel knows the replica and the others. */
  public static Sentinels start(Path folder, TestAuthority authority) {
    Sentinels system = new Sentinels(folder, TlsFolder.of(folder.resolve("tls"), authority));
    try {
      system.server("--replica-priority", "100");
      system.server("--replicaof", "localhost", Integer.toString(system.serverPorts.getFirst()));
      Await.until(
          "the replica has what the primary has",
          () -> system.servers.get(1).command("ROLE").startsWith("*5"));
      for (int i = 0; i < 3; i++) {
        system.sentinel(i);
      }
      return system;
    } catch (IOException e) {
      system.close();
      throw new UncheckedIOException(e);
    }
  }

  private void server(String... more) {
    int port = FreePort.any();
    List<String> options = new ArrayList<>(Arrays.asList(tls.redis(port)));
    options.addAll(
        List.of("--replica-announce-ip", "localhost", "--repl-diskless-sync-delay", "0"));
    options.addAll(List.of(more));
    servers.add(RedisServer.start(options.toArray(String[]::new)));
    serverPorts.add(port);
  }

  private void sentinel(int number) throws IOException {
    int port = FreePort.any();
    sentinelPorts.add(port);
    Path home = Files.createDirectories(folder.resolve("sentinel-" + number));
    Path file =
        Files.writeString(
            home.resolve("sentinel.conf"),
            """
            bind 127.0.0.1
            port 0
            tls-port %d
            tls-cert-file %s
            tls-key-file %s
            tls-ca-cert-file %s
            tls-auth-clients no
            tls-replication yes
            dir %s
            user default on nopass sanitize-payload ~* &* +@all
            user %s on >%s -@all +auth +ping +sentinel|get-master-addr-by-name +sentinel|master
            sentinel resolve-hostnames yes
            sentinel announce-hostnames yes
            sentinel announce-ip localhost
            sentinel announce-port %d
            sentinel monitor %s localhost %d 2
            sentinel down-after-milliseconds %s 500
            sentinel failover-timeout %s 3000
            """
                .formatted(
                    port,
                    tls.certificate(),
                    tls.key(),
                    tls.trust(),
                    home,
                    ASKER,
                    PASSWORD,
                    port,
                    NAME,
                    serverPorts.getFirst(),
                    NAME,
                    NAME));
    sentinels.add(
        new ProcessBuilder(RedisServer.binary(), file.toString(), "--sentinel")
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("sentinel.log").toFile())
            .start());
  }

  /** Whom the servers' certificates lead to. */
  public Path trust() {
    return tls.trust();
  }

  /** The sentinels' ports. */
  public List<Integer> ports() {
    return List.copyOf(sentinelPorts);
  }

  /** The first primary, then the first replica. */
  public RedisServer server(int number) {
    return servers.get(number);
  }

  /** Where a server is reached by TLS. */
  public int port(int number) {
    return serverPorts.get(number);
  }

  /** What a sentinel has told of itself so far. */
  public String log(int number) {
    try {
      return Files.readString(folder.resolve("sentinel-" + number).resolve("sentinel.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until each sentinel knows of the replica and of the two others. */
  public void awaitAgreement() {
    for (int i = 0; i < sentinels.size(); i++) {
      int number = i;
      Await.until(
          "sentinel " + i + " knows everybody",
          () ->
              log(number).contains("+slave slave")
                  && log(number).lines().filter(line -> line.contains("+sentinel ")).count() >= 2);
    }
  }

  /** Ends a sentinel. */
  public void killSentinel(int number) {
    end(sentinels.get(number));
  }

  private static void end(Process process) {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    sentinels.forEach(Sentinels::end);
    servers.forEach(RedisServer::close);
  }
}
