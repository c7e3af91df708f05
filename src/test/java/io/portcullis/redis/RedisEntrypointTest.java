package io.portcullis.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whose turn it is to be the primary when servers of the state start in the containers. What the
 * others answer lies in files; the server is one that only shows its configuration.
 */
class RedisEntrypointTest {
  private static final String FIRST = "redis-state-1";
  private static final String SECOND = "redis-state-2";
  private static final String WITH_DATA = "role:slave\nloading:0\ndb0:keys=4,expires=4\n";
  private static final String WITHOUT_DATA = "role:slave\nloading:0\n";
  private static final String NO_DATA =
      "it has no data; waits until each of 'redis-state-1 redis-state-2' says whether it has";
  private static final String LOADING = "role:slave\nloading:1\n";

  @SuppressWarnings("NullAway.Init") // JUnit sets it
  @TempDir
  private Path house;

  @BeforeEach
  void prepare() throws Exception {
    for (String folder : List.of("certs", "secrets", "run", "data", "bin", "answers")) {
      Files.createDirectory(house.resolve(folder));
    }
    for (String file : List.of("tls.crt", "tls.key", "trust.pem")) {
      Files.writeString(house.resolve("certs").resolve(file), "x");
    }
    for (String use : List.of("state", "replication", "sentinel", "exporter", "backup")) {
      secret("redis_" + use);
    }
    secret("redis_operator");
    Files.writeString(
        house.resolve("common.sh"),
        """
        readonly certs=$HOUSE/certs secrets=$HOUSE/secrets run=$HOUSE/run data=$HOUSE/data
        readonly opt=$PWD/docker/redis
        say() { printf 'redis: %s\\n' "$*" >&2; }
        sleep() { :; }
        as() { local host=$3; shift 4; cat "$HOUSE/answers/$host $1 $2" 2>/dev/null; }
        """);
    Path server = house.resolve("bin/redis-server");
    Files.writeString(server, "#!/bin/sh\ncat \"$1\"\n");
    assertTrue(server.toFile().setExecutable(true));
  }

  private void secret(String name) throws Exception {
    Files.writeString(house.resolve("secrets").resolve(name), "of-this-test-alone");
  }

  @Test
  void state_newSystem_firstIsPrimaryOnceTheOtherSaysThatItHasNothing() throws Exception {
    serverAnswers(SECOND, WITHOUT_DATA);
    assertEquals("the primary", start(FIRST));
  }

  @Test
  void state_newSystem_secondFollowsTheFirst() throws Exception {
    assertEquals("a replica of redis-state-1", start(SECOND));
  }

  @Test
  void state_alone_isPrimary() throws Exception {
    assertEquals("the primary", start(FIRST, "REDIS_STATES=" + FIRST));
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void state_lostDataWhileTheOtherIsSilent_doesNotStart(boolean named) throws Exception {
    if (named) {
      sentinelNames("sentinel-1", FIRST, 0);
    }
    assertEquals(NO_DATA, start(FIRST));
  }

  @Test
  void state_lostDataWhileTheOtherStillReadsItsFile_doesNotStart() throws Exception {
    sentinelNames("sentinel-1", FIRST, 0);
    serverAnswers(SECOND, LOADING);
    assertEquals(NO_DATA, start(FIRST));
  }

  @Test
  void state_lostDataAndNamed_waitsForTheOthersPromotion() throws Exception {
    sentinelNames("sentinel-1", FIRST, 0);
    serverAnswers(SECOND, WITH_DATA);
    assertEquals(
        "it has lost its data; waits until the sentinels have made redis-state-2 the primary",
        start(FIRST));
  }

  @Test
  void state_lostDataAndNoSentinel_followsWhoHasData() throws Exception {
    serverAnswers(SECOND, WITH_DATA);
    assertEquals("a replica of redis-state-2", start(FIRST));
  }

  @Test
  void state_namedAnother_followsTheNewestFailover() throws Exception {
    sentinelNames("sentinel-1", FIRST, 3);
    sentinelNames("sentinel-2", SECOND, 4);
    sentinelNames("sentinel-3", FIRST, 2);
    assertEquals("a replica of redis-state-2", start(FIRST));
  }

  @Test
  void state_hasDataAndNoSentinel_doesNotStart() throws Exception {
    hasData();
    assertEquals(
        "it waits for a sentinel: has data, and cannot know who is the primary", start(FIRST));
  }

  @Test
  void state_hasDataAndIsNamed_isPrimaryWhateverTheOtherSays() throws Exception {
    hasData();
    sentinelNames("sentinel-2", SECOND, 7);
    assertEquals("the primary", start(SECOND));
  }

  private void hasData() throws Exception {
    Files.createDirectory(house.resolve("data/appendonlydir"));
  }

  private void sentinelNames(String sentinel, String primary, int epoch) throws Exception {
    answer(sentinel + " sentinel get-master-addr-by-name", primary + "\n6379\n");
    answer(sentinel + " sentinel master", "name\nstate\nconfig-epoch\n" + epoch + "\n");
  }

  private void serverAnswers(String server, String info) throws Exception {
    answer(server + " info everything", info);
  }

  private void answer(String call, String text) throws Exception {
    Files.writeString(house.resolve("answers").resolve(call), text);
  }

  /** As what it starts, or why it does not; what it starts as is also what the server is told. */
  private String start(String name, String... settings) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("bash", "docker/redis/entrypoint", "state");
    builder.environment().put("HOUSE", house.toString());
    builder.environment().put("REDIS_COMMON", house.resolve("common.sh").toString());
    builder.environment().put("REDIS_NAME", name);
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      builder.environment().put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    builder.environment().merge("PATH", house.resolve("bin").toString(), RedisEntrypointTest::path);
    File said = house.resolve("said").toFile();
    Process process = builder.redirectError(said).start();
    String configuration =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    List<String> lines = Files.readAllLines(said.toPath());
    String last = lines.getLast();
    if (process.exitValue() != 0) {
      assertEquals(1, process.exitValue(), last);
      return last.replace("redis: does not start: ", "");
    }
    String role = last.replace("redis: starts as ", "");
    String followed = role.startsWith("a replica of ") ? role.substring(13) : "";
    assertEquals(!followed.isEmpty(), configuration.contains("replicaof "), configuration);
    assertTrue(configuration.contains("replicaof " + followed) || followed.isEmpty());
    return role;
  }

  private static String path(String usual, String first) {
    return first + File.pathSeparator + usual;
  }
}
