package io.portcullis.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.Await;
import io.portcullis.testing.RedisServer;
import io.portcullis.testing.RedisUsers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What nobody may whom the containers' files make a user. That they may what they must, the tests
 * of the rooms show.
 */
final class RedisUsersIT {
  private static final String PASSWORD = "a-password-of-users";

  private static final List<String> DANGEROUS =
      List.of(
          "flushall",
          "flushdb",
          "keys *",
          "config set dir /",
          "config get masterauth",
          "debug sleep 1",
          "shutdown",
          "module list",
          "migrate host 1 key 0 1",
          "restore key 0 value",
          "save",
          "replicaof host 1",
          "acl setuser x",
          "acl getuser portcullis",
          "monitor",
          "swapdb 0 1",
          "function flush",
          "client pause 1",
          "script flush",
          "cluster reset");

  /** What replication, sentinels and copies are made of. */
  private static final List<String> INNER = List.of("sync", "psync ? -1", "slaveof no one");

  @Test
  void users_ofServers_cannotHarm() {
    for (String use : List.of("limits", "state")) {
      try (RedisServer server = RedisServer.start()) {
        Map<String, String> users = RedisUsers.of(use);
        users.keySet().stream()
            .filter(user -> !user.equals("default"))
            .forEach(user -> RedisUsers.install(server, use, user, PASSWORD));
        assertTrue(users.getOrDefault("default", "").startsWith("off "), "the default user");
        users
            .keySet()
            .forEach(user -> DANGEROUS.forEach(command -> assertRefused(server, user, command)));
        for (String user : List.of("portcullis", "exporter", "operator")) {
          INNER.forEach(command -> assertRefused(server, user, command));
        }
      }
    }
  }

  /** What a script writes stands in the file as one transaction, which is read as a user's. */
  @Test
  void state_thatScriptsWrote_isThereAfterARestart(@TempDir Path folder) throws IOException {
    Path users = folder.resolve("users.acl");
    Files.writeString(users, RedisUsers.file("state", PASSWORD));
    try (RedisServer server =
        RedisServer.start(
            "--aclfile", users.toString(), "--appendonly", "yes", "--appendfsync", "always")) {
      String script =
          "redis.call('ZADD', KEYS[1], 1, 'a') return redis.call('PEXPIRE', KEYS[1], 600000)";
      assertEquals(":1", asNode(server, "EVAL \"" + script + "\" 1 pc:revoked"));
      server.signal("KILL");
      server.restart();
      Await.until("read again", () -> !asNode(server, "PING").startsWith("-LOADING"));
      assertEquals(":1", asNode(server, "ZCARD pc:revoked"));
      assertTrue(server.command("ZCARD pc:revoked").startsWith("-NOAUTH"), "without a name");
      assertTrue(server.command("AUTH default x").startsWith("-WRONGPASS"), "nor as the default");
    }
  }

  private static String asNode(RedisServer server, String command) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      String both = "AUTH portcullis " + PASSWORD + "\r\n" + command + "\r\n";
      socket.getOutputStream().write(both.getBytes(US_ASCII));
      BufferedReader answers =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      assertEquals("+OK", answers.readLine());
      return String.valueOf(answers.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What one room writes, no command of another touches; and nothing is anybody's but ours. */
  @Test
  void roomsOfState_areApart() {
    try (RedisServer server = RedisServer.start()) {
      RedisUsers.install(server, "state", "portcullis", PASSWORD);
      assertEquals("+OK", server.command(dryRun("portcullis", "set pc:d:proof 1")));
      assertEquals("+OK", server.command(dryRun("portcullis", "get pc:s:{name}")));
      Stream.of(
              "get pc:d:proof",
              "del pc:revoked",
              "set pc:revoked 1",
              "zadd pc:s:{name} 1 a",
              "del pc:su:subject",
              "set other 1",
              "publish other 1",
              "subscribe other",
              "evalsha sha 2 pc:revoked pc:s:{name}")
          .forEach(command -> assertRefused(server, "portcullis", command));
    }
  }

  private static void assertRefused(RedisServer server, String user, String command) {
    String answer = server.command(dryRun(user, command));
    // The default user of the test's server is all-powerful: it is what asks.
    assertTrue(user.equals("default") || !answer.equals("+OK"), user + " may " + command);
  }

  private static String[] dryRun(String user, String command) {
    return ("ACL DRYRUN " + user + " " + command).split(" ", -1);
  }
}
