package io.portcullis.config;

import static io.portcullis.config.AmountForms.duration;
import static io.portcullis.config.AmountForms.number;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sessions of people with a browser.
 *
 * @param masterKeys what everything is encrypted under, the current one first; empty: no sessions
 * @param idle a session ends when it was not used for this long
 * @param absolute a session ends this long after its login, however busy it is
 * @param rotateEvery a session in use gets a new handle this often
 * @param alias the old handle still works for this long, for requests that are on their way
 * @param cache a node remembers what it read for at most this long
 * @param cacheSize sessions remembered by a node
 * @param perUser sessions of one person; a further login ends the oldest
 * @param refreshWait how long a request waits for a token that is being refreshed
 * @param refreshWaiting requests of a node that wait for one; further ones are refused with 503
 */
public record SessionConfig(
    List<MasterKey> masterKeys,
    Duration idle,
    Duration absolute,
    Duration rotateEvery,
    Duration alias,
    Duration cache,
    int cacheSize,
    int perUser,
    Duration refreshWait,
    int refreshWaiting) {

  private static final int MOST_KEYS = 8;
  private static final int SHORTEST_KEY_BYTES = 32;
  private static final Pattern KEY = Pattern.compile("([a-z][a-z0-9]{0,7}):([A-Za-z0-9+/]+=*)");

  /**
   * A secret of at least 32 random bytes.
   *
   * @param id its name, which stands in cookies
   * @param material base64
   */
  public record MasterKey(String id, Secret material) {}

  /** Whether people can have sessions at all. */
  public boolean on() {
    return !masterKeys.isEmpty();
  }

  static SessionConfig read(Section sessions) {
    Secret written =
        sessions.secret(
            "master-keys",
            "`id:base64 of 32 random bytes`, the current key first, older ones behind a comma;"
                + " absent, there are no sessions");
    Optional<List<MasterKey>> keys = parse(written.value());
    SessionConfig config =
        new SessionConfig(
            keys.orElse(List.of()),
            sessions.value(
                "idle", duration("1s", "7d"), "30m", "a session unused for this long ends"),
            sessions.value(
                "absolute", duration("1s", "30d"), "12h", "a session ends this long after login"),
            sessions.value(
                "rotate-every",
                duration("1s", "30d"),
                "4h",
                "how often a session's cookie changes"),
            sessions.value(
                "alias",
                duration("1s", "5m"),
                "30s",
                "how long the old cookie still works, for requests on their way"),
            sessions.value(
                "cache", duration("0s", "2s"), "2s", "how long a node remembers what it read"),
            sessions.value(
                "cache-size", number(1, 1_000_000), "10000", "sessions remembered by a node"),
            sessions.value(
                "per-user",
                number(1, 1000),
                "10",
                "sessions of one person; a further login ends the oldest"),
            sessions.value(
                "refresh-wait",
                duration("100ms", "30s"),
                "10s",
                "how long a request waits for a token that is being refreshed; then 503"),
            sessions.value(
                "refresh-waiting",
                number(1, 100_000),
                "1000",
                "requests of a node that wait for one; further ones get 503"));
    sessions.check(
        keys.isPresent(),
        "expected up to 8 different keys id:base64, each of at least 32 bytes, with commas between",
        "master-keys",
        "master-keys-file");
    sessions.check(
        config.idle().compareTo(config.absolute()) <= 0,
        "expected idle at most absolute",
        "idle",
        "absolute");
    return config;
  }

  private static Optional<List<MasterKey>> parse(String text) {
    List<MasterKey> keys = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    if (text.isEmpty()) {
      return Optional.of(List.of());
    }
    for (String part : text.split(",", -1)) {
      Matcher matcher = KEY.matcher(part.strip());
      if (!matcher.matches() || !ids.add(matcher.group(1)) || !strong(matcher.group(2))) {
        return Optional.empty();
      }
      keys.add(new MasterKey(matcher.group(1), new Secret(matcher.group(2))));
    }
    return keys.size() > MOST_KEYS ? Optional.empty() : Optional.of(List.copyOf(keys));
  }

  private static boolean strong(String base64) {
    try {
      return Base64.getDecoder().decode(base64).length >= SHORTEST_KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
