package io.portcullis.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The users that Redis has in containers ({@code docker/redis/users}), for servers of tests. */
public final class RedisUsers {
  private static final Path FOLDER = Path.of("docker/redis/users");

  private RedisUsers() {}

  /** The rules of each user of a file, without passwords. */
  public static Map<String, String> of(String use) {
    Map<String, String> users = new LinkedHashMap<>();
    for (String line : lines(use)) {
      String[] words = line.split(" ", 3);
      users.put(words[1], words[2].replaceAll("@[a-z_]+@ ", ""));
    }
    return users;
  }

  /** Makes a user of a file a user of a server, with this password, and perhaps further rules. */
  public static void install(
      RedisServer server, String use, String user, String password, String... more) {
    String rules = of(use).get(user) + " " + String.join(" ", more);
    String answer =
        server.command(
            ("ACL SETUSER " + user + " >" + password + " " + rules).strip().split(" ", -1));
    if (!answer.equals("+OK")) {
      throw new AssertionError(use + ", " + user + ": " + answer);
    }
  }

  /** As the container's entry point joins them. */
  private static List<String> lines(String use) {
    try {
      return Files.readString(FOLDER.resolve(use + ".acl"))
          .replaceAll("(?m)^#.*\\n", "")
          .replaceAll("\\n +", " ")
          .lines()
          .filter(line -> !line.isBlank())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
